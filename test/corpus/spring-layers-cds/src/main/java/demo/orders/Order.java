package demo.orders;

public record Order(long id, String customer, int cents) {}
