package demo.orders;

import java.util.List;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Repository;

@Repository
public class OrderRepository {
  private final JdbcTemplate jdbc;

  public OrderRepository(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  public void add(String customer, int cents) {
    jdbc.update("insert into orders(customer, cents) values (?, ?)", customer, cents);
  }

  public List<Order> all() {
    return jdbc.query("select id, customer, cents from orders",
        (row, n) -> new Order(row.getLong("id"), row.getString("customer"), row.getInt("cents")));
  }
}
