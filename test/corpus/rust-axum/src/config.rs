use serde::Deserialize;
use std::{fs, path::Path};

#[derive(Deserialize, Clone)]
pub struct Config {
    pub listen: String,
    pub templates: String,
    pub languages: Vec<String>,
}

pub fn load(path: &str) -> Result<Config, Box<dyn std::error::Error>> {
    let mut text = fs::read_to_string(path)?;
    let env = std::env::var("APP_ENV").unwrap_or_else(|_| "development".into());
    let over = Path::new(path).with_file_name(format!("{env}.toml"));
    if over.exists() {
        text.push_str(&fs::read_to_string(over)?);
    }
    Ok(toml::from_str(&text)?)
}
