import time

import uvicorn
from fastapi import FastAPI
from prometheus_client import Histogram, make_asgi_app

from tinyserve.engine.client import EngineClient
from tinyserve.engine.config import EngineConfig

from .protocol import Completion, CompletionRequest

latency = Histogram("tinyserve_completion_seconds", "Seconds per completion")


def build_app(client: EngineClient) -> FastAPI:
    app = FastAPI()
    app.mount("/metrics", make_asgi_app())

    @app.get("/health")
    async def health() -> dict:
        return {"ok": client.alive}

    @app.post("/v1/completions")
    async def completions(request: CompletionRequest) -> Completion:
        started = time.monotonic()
        text = await client.generate(request.prompt, request.max_tokens)
        latency.observe(time.monotonic() - started)
        return Completion(text=text, model=client.config.model)

    return app


async def run_server(arguments, config: EngineConfig) -> None:
    client = EngineClient(config)
    await client.started()
    server = uvicorn.Server(uvicorn.Config(build_app(client), host=arguments.host, port=arguments.port, log_level="info"))
    try:
        await server.serve()
    finally:
        client.close()
