import os
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route
from strawberry.asgi import GraphQL

from . import library, loaders
from .schema import schema

source = Path(os.environ.get("CATALOG_DATA", "data")) / "books.yaml"


@asynccontextmanager
async def lifespan(app):
    app.state.library = library.read(source)
    yield


class Endpoint(GraphQL):
    async def get_context(self, request, response=None):
        known = application.state.library
        return {"request": request, "library": known, "authors": loaders.author_loader(known)}


async def health(request):
    return PlainTextResponse("ok")


application = Starlette(
    routes=[Route("/health", health), Mount("/graphql", Endpoint(schema))],
    middleware=[Middleware(CORSMiddleware, allow_origins=["*"]), Middleware(GZipMiddleware)],
    lifespan=lifespan,
)
