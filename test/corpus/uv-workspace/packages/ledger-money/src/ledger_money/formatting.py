from decimal import Decimal

from babel.numbers import format_currency


def formatted(cents: int, currency: str, locale: str = "de_DE") -> str:
    return format_currency(Decimal(cents) / 100, currency, locale=locale)
