from pathlib import Path

import msgspec


class Author(msgspec.Struct):
    name: str
    born: int


class Book(msgspec.Struct):
    title: str
    year: int
    author: str


class Library(msgspec.Struct):
    authors: dict[str, Author]
    books: list[Book]


def read(path: Path) -> Library:
    return msgspec.yaml.decode(path.read_bytes(), type=Library)
