import asyncio
from functools import partial

import falcon.asgi

from retrieval.store import Store


class Health:
    async def on_get(self, request, response):
        response.media = {"status": "ok"}


class Search:
    def __init__(self, store):
        self.store = store

    async def on_post(self, request, response):
        from langchain_core.prompts import ChatPromptTemplate

        asked = await request.get_media()
        run = partial(self.store.search, asked["question"], int(asked.get("count", 3)))
        hits = await asyncio.get_running_loop().run_in_executor(None, run)
        prompt = ChatPromptTemplate.from_messages([("system", "Answer from: {context}"), ("human", "{question}")])
        filled = prompt.invoke({"context": "\n".join(d.page_content for d, _ in hits), "question": asked["question"]})
        response.media = {"prompt": filled.to_string(), "scores": [score for _, score in hits]}


def build(folder):
    app = falcon.asgi.App()
    app.add_route("/health", Health())
    app.add_route("/search", Search(Store.open(folder)))
    return app
