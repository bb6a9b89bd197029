from decimal import Decimal
from textwrap import shorten

from jinja2 import Environment, PackageLoader

environment = Environment(loader=PackageLoader("orders"))


def receipt(order) -> str:
    total = Decimal(sum(line.quantity * line.cents for line in order.lines)) / 100
    return environment.get_template("receipt.txt").render(order=order, customer=shorten(order.customer, 30), total=total)
