import os
import sys

import lightgbm
import numpy as np
import polars as pl
import xgboost

target = sys.argv[1]
os.makedirs(target)
random = np.random.default_rng(5)
features = random.normal(size=(4000, 8))
labels = (features[:, 0] * features[:, 1] > 0.1).astype(int)
xgboost.train({"objective": "binary:logistic", "max_depth": 5}, xgboost.DMatrix(features, labels), 60).save_model(f"{target}/xgb.ubj")
lightgbm.train({"objective": "binary", "verbose": -1}, lightgbm.Dataset(features, labels), 60).save_model(f"{target}/lgbm.txt")
pl.DataFrame(features, schema=[f"f{n}" for n in range(8)]).with_columns(
    customer=pl.int_range(pl.len()), segment=pl.Series(random.integers(0, 9, 4000))
).write_parquet(f"{target}/features.parquet")
