"""The models by name; a library is imported when its model is wanted."""
from importlib import import_module

_modules = {"xgb": ".boosted", "lgbm": ".light"}


def load(name: str, folder: str):
    return import_module(_modules[name], __name__).load(folder)
