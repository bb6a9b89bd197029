import sys
from pathlib import Path

import numpy as np
import pandas as pd


def main(folder):
    random = np.random.default_rng(3)
    days = pd.date_range("2023-01-01", periods=500)
    parts = [
        pd.DataFrame({"day": days, "region": region, "revenue": 100 + np.cumsum(random.normal(0, 2, len(days)))})
        for region in ("north", "south", "west")
    ]
    Path(folder).mkdir(exist_ok=True)
    pd.concat(parts).to_parquet(Path(folder, "revenue.parquet"))


if __name__ == "__main__":
    main(sys.argv[1])
