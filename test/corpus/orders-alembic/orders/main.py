from contextlib import asynccontextmanager

from fastapi import FastAPI

from . import jobs, logs, routes
from .database import engine


@asynccontextmanager
async def lifespan(app: FastAPI):
    logs.configure()
    scheduler = jobs.scheduler()
    scheduler.start()
    yield
    scheduler.shutdown(wait=False)
    await engine.dispose()


app = FastAPI(title="Orders", lifespan=lifespan)
app.include_router(routes.router)


@app.get("/health")
async def health():
    return {"status": "ok"}
