import os
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import ORJSONResponse
from pydantic import BaseModel

from scoring import models
from scoring.features import Features

folder = os.environ.get("ARTIFACTS", "artifacts")


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.features = Features(Path(folder) / "features.parquet")
    app.state.model = models.load(os.environ.get("MODEL", "xgb"), folder)
    app.state.challenger = None
    yield


app = FastAPI(lifespan=lifespan, default_response_class=ORJSONResponse)


class Score(BaseModel):
    customers: list[int]
    challenger: bool = False


@app.get("/health")
async def health():
    return {"model": os.environ.get("MODEL", "xgb")}


@app.post("/score")
def score(body: Score):
    rows = app.state.features.rows(body.customers)
    answer = {"scores": app.state.model.score(rows).tolist(), "segments": app.state.features.segments()}
    if body.challenger:
        app.state.challenger = app.state.challenger or models.load("lgbm", folder)
        answer["challenger"] = app.state.challenger.score(rows).tolist()
    return answer
