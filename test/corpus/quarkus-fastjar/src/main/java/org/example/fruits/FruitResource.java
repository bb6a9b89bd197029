package org.example.fruits;

import jakarta.inject.Inject;
import jakarta.validation.Valid;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.util.List;

@Path("/fruits")
public class FruitResource {
  @Inject Basket basket;

  @GET
  public List<Fruit> all() {
    return basket.all();
  }

  @POST
  public Response add(@Valid Fruit fruit) {
    return basket.add(fruit) ? Response.status(201).entity(fruit).build() : Response.status(409).build();
  }
}
