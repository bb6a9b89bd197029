class Furniture:
    def apply(self, cents: int, kind: str) -> int:
        return cents - 500 if kind == "furniture" and cents > 10000 else cents
