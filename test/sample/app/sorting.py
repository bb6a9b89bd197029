import os

import joblib
import pandas as pd

model = joblib.load(os.environ.get("MODEL_PATH", "/srv/model.joblib"))


def sort_tickets(texts: list[str]) -> list[dict[str, str]]:
    table = pd.DataFrame({"text": texts})
    table["queue"] = model.predict(table["text"])
    return table.to_dict(orient="records")
