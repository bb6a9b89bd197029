import contextlib
import os

import spacy
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from . import components  # noqa: F401


@contextlib.asynccontextmanager
async def lifespan(app: Starlette):
    app.state.nlp = spacy.load(os.environ["NLP_PIPELINE"])
    yield


async def health(_: Request) -> JSONResponse:
    return JSONResponse({"ok": True})


async def annotate(request: Request) -> JSONResponse:
    text = (await request.body()).decode()
    doc = request.app.state.nlp(text)
    from nltk.stem.snowball import GermanStemmer

    stemmer = GermanStemmer()
    return JSONResponse({
        "entities": [(span.text, span.label_) for span in doc.ents],
        "amounts": doc._.amounts,
        "stems": [stemmer.stem(token.text) for token in doc if token.is_alpha],
    })


app = Starlette(lifespan=lifespan, routes=[Route("/health", health), Route("/annotate", annotate, methods=["POST"])])
