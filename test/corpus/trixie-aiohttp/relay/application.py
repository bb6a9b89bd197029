import importlib

import aiosqlite
from aiohttp import web
from jinja2 import Environment, PackageLoader, select_autoescape

from . import pages


def named(reference: str):
    module, _, name = reference.partition(":")
    return getattr(importlib.import_module(module), name)


def create(config: dict) -> web.Application:
    app = web.Application(middlewares=[named(reference) for reference in config["middlewares"]])
    app["templates"] = Environment(loader=PackageLoader("relay"), autoescape=select_autoescape())

    async def database(app: web.Application):
        app["database"] = await aiosqlite.connect(config["database"])
        await app["database"].execute("create table if not exists pages (name text primary key, text text)")
        yield
        await app["database"].close()

    app.cleanup_ctx.append(database)
    app.add_routes(pages.routes)
    return app
