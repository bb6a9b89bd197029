import importlib
import pkgutil

from . import jobs
from .store import connect


def main():
    handlers = {m.name: importlib.import_module(f"{jobs.__name__}.{m.name}") for m in pkgutil.iter_modules(jobs.__path__)}
    store = connect()
    while True:
        _, name = store.blpop("jobs")
        handler = handlers.get(name)
        if handler:
            handler.run(store)


if __name__ == "__main__":
    main()
