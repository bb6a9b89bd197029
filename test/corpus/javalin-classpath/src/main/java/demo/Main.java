package demo;

import io.javalin.Javalin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;

public final class Main {
  private Main() {}

  public static void main(String[] arguments) throws IOException, SQLException {
    var settings = new Properties();
    var home = Path.of(System.getProperty("app.home", "."));
    try (var in = Files.newInputStream(home.resolve("conf/app.properties"))) {
      settings.load(in);
    }
    var books = new Books();
    var app = Javalin.create(config -> config.showJavalinBanner = false);
    app.get("/health", context -> context.result("ok"));
    app.post("/books", context -> {
      books.add(context.bodyAsClass(Book.class));
      context.status(201).json(Map.of("title", settings.getProperty("title"), "books", books.all()));
    });
    app.start(Integer.parseInt(settings.getProperty("port")));
  }
}
