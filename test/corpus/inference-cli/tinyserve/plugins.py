import logging
import os
from importlib.metadata import entry_points

log = logging.getLogger(__name__)


def load_plugins() -> None:
    wanted = os.environ.get("TINYSERVE_PLUGINS")
    for point in entry_points(group="tinyserve.plugins"):
        if wanted is None or point.name in wanted.split(","):
            try:
                point.load()()
            except Exception:
                log.exception("plugin %s", point.name)
