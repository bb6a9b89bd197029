import logging.config
import tomllib
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False)


@app.command()
def serve(host: str = "0.0.0.0", port: Annotated[int, typer.Option(min=1)] = 8000, config: Path = Path("logging.toml")) -> None:
    """Serve the ledger."""
    import uvicorn

    if config.exists():
        logging.config.dictConfig(tomllib.loads(config.read_text()))
    uvicorn.run("ledger.api.application:create", factory=True, host=host, port=port, log_config=None)


@app.command()
def migrate() -> None:
    """Bring the database up to date."""
    from alembic import command
    from alembic.config import Config

    command.upgrade(Config("alembic.ini"), "head")


@app.callback(invoke_without_command=True)
def main(context: typer.Context, port: int = 8000) -> None:
    if context.invoked_subcommand is None:
        serve(port=port)
