import structlog
from celery import shared_task
from dateutil.relativedelta import relativedelta
from datetime import date

from .numbers import summary

log = structlog.get_logger()


def environment():
    from jinja2 import Environment, PackageLoader

    return Environment(loader=PackageLoader("jobs"), autoescape=False)


@shared_task
def render(title: str, values: list[float]) -> str:
    log.info("rendering", title=title, count=len(values))
    day = date.today() + relativedelta(weekday=4)
    return environment().get_template("report.txt.j2").render(title=title, day=day, numbers=summary(values))
