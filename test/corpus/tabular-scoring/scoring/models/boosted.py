import xgboost


class Boosted:
    def __init__(self, path: str) -> None:
        self._booster = xgboost.Booster(model_file=path)

    def score(self, rows):
        return self._booster.inplace_predict(rows)


def load(folder: str) -> Boosted:
    return Boosted(f"{folder}/xgb.ubj")
