"""Words are cut into known pieces, the longest first."""
from functools import cache
from importlib import resources


@cache
def known() -> frozenset[str]:
    with resources.files("translator.vocabulary").joinpath("pieces.txt").open() as file:
        return frozenset(file.read().split())


def cut(word: str) -> list[str]:
    pieces = [word[start : start + 3] for start in range(0, len(word), 3)]
    return [piece if piece in known() else "<unk>" for piece in pieces]
