from functools import lru_cache
from pathlib import Path

import pandas as pd

path = Path(__file__).resolve().parent.parent / "data" / "revenue.parquet"


@lru_cache(maxsize=1)
def table() -> pd.DataFrame:
    return pd.read_parquet(path)


def regions() -> list[str]:
    return sorted(table()["region"].unique())
