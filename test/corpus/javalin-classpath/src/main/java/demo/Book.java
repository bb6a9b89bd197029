package demo;

public record Book(String title, int year) {}
