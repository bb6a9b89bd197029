from contextlib import asynccontextmanager

from fastapi import FastAPI, HTTPException, Request
from fastapi.concurrency import run_in_threadpool
from prometheus_client import Counter, make_asgi_app
from pydantic import BaseModel, Field

from .model import Encoder
from .settings import settings

embedded = Counter("embedded_texts", "Texts that were embedded")


class Query(BaseModel):
    texts: list[str] = Field(min_length=1, max_length=256)
    cluster: bool = False


@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.encoder = await run_in_threadpool(Encoder, settings())
    yield


def create_app() -> FastAPI:
    app = FastAPI(title="embedder", lifespan=lifespan)
    app.mount("/metrics", make_asgi_app())

    @app.get("/health")
    def health(request: Request) -> dict:
        return {"dimension": request.app.state.encoder.dimension}

    @app.post("/embed")
    async def embed(query: Query, request: Request) -> dict:
        vectors = await run_in_threadpool(request.app.state.encoder.encode, query.texts)
        embedded.inc(len(vectors))
        if not query.cluster:
            return {"vectors": vectors}
        from sklearn.cluster import KMeans

        if len(vectors) < 2:
            raise HTTPException(422, "two texts at least")
        return {"labels": KMeans(2, n_init=1).fit_predict(vectors).tolist()}

    return app
