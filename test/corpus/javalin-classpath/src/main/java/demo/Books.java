package demo;

import com.google.common.collect.ImmutableList;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;

final class Books {
  private final Connection connection;

  Books() throws SQLException {
    connection = DriverManager.getConnection("jdbc:sqlite::memory:");
    try (var statement = connection.createStatement()) {
      statement.execute("create table book (title text, year int)");
    }
  }

  synchronized void add(Book book) throws SQLException {
    try (var insert = connection.prepareStatement("insert into book values (?, ?)")) {
      insert.setString(1, book.title());
      insert.setInt(2, book.year());
      insert.execute();
    }
  }

  synchronized List<Book> all() throws SQLException {
    var found = ImmutableList.<Book>builder();
    try (var statement = connection.createStatement(); var rows = statement.executeQuery("select title, year from book")) {
      while (rows.next()) found.add(new Book(rows.getString(1), rows.getInt(2)));
    }
    return found.build();
  }
}
