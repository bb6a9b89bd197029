import importlib
from dataclasses import dataclass

_ARCHITECTURES = {
    "TinyForCausalLM": ("tiny", "TinyForCausalLM"),
    "MixForCausalLM": ("mix", "MixForCausalLM"),
    "WideForCausalLM": ("wide", "WideForCausalLM"),
}


@dataclass(frozen=True)
class _LazyModel:
    module: str
    name: str

    def load(self) -> type:
        return getattr(importlib.import_module(self.module), self.name)


class _Registry:
    def __init__(self, models: dict[str, _LazyModel]) -> None:
        self._models = models

    def resolve(self, architecture: str) -> type:
        if architecture not in self._models:
            raise ValueError(f"{architecture} is none of {', '.join(self._models)}")
        return self._models[architecture].load()


ModelRegistry = _Registry({name: _LazyModel(f"tinyserve.models.{module}", cls) for name, (module, cls) in _ARCHITECTURES.items()})
