from functools import lru_cache

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="ORDERS_", env_file=".env")
    database_url: str = "sqlite+aiosqlite:///orders.db"
    log_format: str = "console"
    sweep_minutes: int = 15


@lru_cache
def settings() -> Settings:
    return Settings()
