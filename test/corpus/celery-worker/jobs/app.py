from celery import Celery
from celery.signals import setup_logging, worker_ready, worker_shutting_down

app = Celery("jobs")
app.config_from_object("celeryconfig")


@setup_logging.connect
def configure_logging(**_) -> None:
    from jobs.logs import configure

    configure()


@worker_ready.connect
def open_health(**_) -> None:
    from jobs import health

    health.start(app)


@worker_shutting_down.connect
def close_health(**_) -> None:
    from jobs import health

    health.stop()
