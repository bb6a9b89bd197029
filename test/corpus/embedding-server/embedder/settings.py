from functools import lru_cache
from pathlib import Path

import yaml
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="EMBED_")
    model: str
    device: str = "cpu"
    batch_size: int = 32
    normalize: bool = True


@lru_cache
def settings() -> Settings:
    return Settings(**yaml.safe_load(Path("settings.yaml").read_text()))
