package org.example.fruits;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.microprofile.config.inject.ConfigProperty;

@ApplicationScoped
public class Basket {
  @ConfigProperty(name = "fruits.limit")
  int limit;

  private final List<Fruit> fruits = new CopyOnWriteArrayList<>();

  public boolean add(Fruit fruit) {
    return fruits.size() < limit && fruits.add(fruit);
  }

  public List<Fruit> all() {
    return List.copyOf(fruits);
  }
}
