import tomllib
from dataclasses import dataclass


@dataclass(frozen=True)
class Config:
    address: str
    threads: int
    reflection: bool
    store: str
    items: dict[str, int]


def read(path) -> Config:
    with open(path, "rb") as file:
        known = tomllib.load(file)
    return Config(**known["server"], store=known["warehouse"]["store"], items=known["warehouse"]["items"])
