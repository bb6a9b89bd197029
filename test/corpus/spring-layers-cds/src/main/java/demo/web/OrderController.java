package demo.web;

import demo.orders.OrderRepository;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

@Controller
public class OrderController {
  private final OrderRepository orders;

  public OrderController(OrderRepository orders) {
    this.orders = orders;
  }

  @GetMapping("/orders")
  public String list(@RequestParam(defaultValue = "guest") String customer, Model model) {
    orders.add(customer, 100);
    model.addAttribute("orders", orders.all());
    return "orders";
  }
}
