package org.example.fruits;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;

public record Fruit(@NotBlank String name, @NotNull Season season) {
  public enum Season { SPRING, SUMMER, AUTUMN, WINTER }
}
