import logging.config

import click


@click.command()
@click.option("--model", required=True, type=click.Path(exists=True, file_okay=False))
@click.option("--listen", default="*:8000")
@click.option("--threads", default=2)
def main(model: str, listen: str, threads: int) -> None:
    from .logs import CONFIG

    logging.config.dictConfig(CONFIG)
    import waitress

    from .web import create

    waitress.serve(create(model, threads), listen=listen, threads=threads)


main(auto_envvar_prefix="TRANSLATOR")
