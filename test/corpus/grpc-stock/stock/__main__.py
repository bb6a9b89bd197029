from stock.cli import cli

cli(prog_name="stock")
