from litestar import Litestar, get
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import ScalarRenderPlugin

from ledger.store.session import create_tables

from .entries import EntryController


@get("/health")
async def health() -> dict:
    return {"ok": True}


def create() -> Litestar:
    return Litestar(
        [health, EntryController],
        on_startup=[create_tables],
        openapi_config=OpenAPIConfig("ledger", "0.4.0", render_plugins=[ScalarRenderPlugin()]),
    )
