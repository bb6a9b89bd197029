from pathlib import Path

import click


@click.group()
def cli():
    """A small warehouse."""


@cli.command()
@click.option("--config", type=click.Path(exists=True, path_type=Path), required=True)
def serve(config):
    from stock.config import read
    from stock.server import run

    run(read(config))


@cli.command()
@click.argument("sku")
@click.option("--address", default="localhost:50051")
def count(sku, address):
    from stock.client import count_of

    click.echo(count_of(address, sku))
