import lightgbm


class Light:
    def __init__(self, path: str) -> None:
        self._booster = lightgbm.Booster(model_file=path)

    def score(self, rows):
        return self._booster.predict(rows)


def load(folder: str) -> Light:
    return Light(f"{folder}/lgbm.txt")
