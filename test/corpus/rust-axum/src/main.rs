mod config;

use axum::{extract::{Query, State}, response::Html, routing::get, Json, Router};
use minijinja::{context, path_loader, Environment};
use std::{collections::HashMap, fs, sync::Arc};

struct App {
    templates: Environment<'static>,
    texts: HashMap<String, HashMap<String, String>>,
}

async fn greet(State(app): State<Arc<App>>, Query(query): Query<HashMap<String, String>>) -> Html<String> {
    let language = query.get("language").map(String::as_str).unwrap_or("en");
    let hello = app.texts.get(language).and_then(|t| t.get("hello")).cloned().unwrap_or_default();
    let name = query.get("name").cloned().unwrap_or_default();
    let page = app.templates.get_template("greet.html").and_then(|t| t.render(context!(hello, name)));
    Html(page.unwrap_or_else(|error| error.to_string()))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().skip_while(|a| a != "--config").nth(1).unwrap_or("config/default.toml".into());
    let config = config::load(&path)?;
    let mut texts = HashMap::new();
    for language in &config.languages {
        texts.insert(language.clone(), serde_json::from_str(&fs::read_to_string(format!("i18n/{language}.json"))?)?);
    }
    let _tls = native_tls::TlsConnector::new()?;
    let mut templates = Environment::new();
    templates.set_loader(path_loader(&config.templates));
    let app = Arc::new(App { templates, texts });
    let routes = Router::new()
        .route("/health", get(|| async { Json(serde_json::json!({ "status": "ok" })) }))
        .route("/greet", get(greet))
        .with_state(app);
    let listener = tokio::net::TcpListener::bind(&config.listen).await?;
    axum::serve(listener, routes).await?;
    Ok(())
}
