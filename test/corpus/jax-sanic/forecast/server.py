from sanic import Request, Sanic
from sanic.response import json as reply


def create_app() -> Sanic:
    app = Sanic("forecast")

    @app.before_server_start
    async def load(app: Sanic) -> None:
        import jax
        from flax.traverse_util import unflatten_dict
        from safetensors.flax import load_file

        from .network import Forecaster

        parameters = unflatten_dict(load_file("model.safetensors"), sep=".")
        app.ctx.predict = jax.jit(lambda series: Forecaster().apply(parameters, series))

    @app.get("/health")
    async def health(_: Request):
        return reply({"ok": True})

    @app.post("/forecast")
    async def forecast(request: Request):
        import jax.numpy as jnp

        series = jnp.asarray(request.json["series"], jnp.float32)
        padded = jnp.pad(series, (max(0, 96 - series.size), 0), mode="edge")[-96:]
        return reply({"next": app.ctx.predict(padded[None])[0].tolist()})

    return app
