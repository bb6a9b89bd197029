"""A small server of language models. Parts are imported when they are used."""
import importlib
import typing

__version__ = "0.3.1"

_lazy = {"LLM": ".entrypoints.llm:LLM", "EngineConfig": ".engine.config:EngineConfig", "ModelRegistry": ".models.registry:ModelRegistry"}

if typing.TYPE_CHECKING:
    from .engine.config import EngineConfig
    from .entrypoints.llm import LLM
    from .models.registry import ModelRegistry


def __getattr__(name: str) -> typing.Any:
    if name in _lazy:
        module, attribute = _lazy[name].split(":")
        return getattr(importlib.import_module(module, __package__), attribute)
    raise AttributeError(name)


__all__ = ["EngineConfig", "LLM", "ModelRegistry"]
