package org.example.fruits;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

@Readiness
@ApplicationScoped
public class BasketReady implements HealthCheck {
  @Inject Basket basket;

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("basket").up().withData("fruits", basket.all().size()).build();
  }
}
