from pathlib import Path

import polars as pl

COLUMNS = [f"f{n}" for n in range(8)]


class Features:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._frame = pl.read_parquet(path)

    def rows(self, customers: list[int]):
        return self._frame.filter(pl.col("customer").is_in(customers)).select(COLUMNS).to_numpy()

    def segments(self) -> list[dict]:
        import duckdb

        query = "select segment, count(*) n, avg(f0) f0 from read_parquet(?) group by segment order by segment"
        return [dict(zip(("segment", "n", "f0"), row)) for row in duckdb.execute(query, [str(self._path)]).fetchall()]
