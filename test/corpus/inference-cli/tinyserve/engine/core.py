from pathlib import Path

from tokenizers import Tokenizer

from tinyserve.models.registry import ModelRegistry

from .config import EngineConfig
from .sampling import samplers


class EngineCore:
    def __init__(self, config: EngineConfig) -> None:
        self._config = config
        self._tokenizer = Tokenizer.from_file(str(Path(config.model) / "tokenizer.json"))
        self._model = ModelRegistry.resolve(config.architecture)(config)
        if config.quantization:
            from tinyserve.quantization import quantize

            quantize(self._model, config.quantization)

    def generate(self, prompt: str, count: int) -> list[int]:
        ids = self._tokenizer.encode(prompt).ids or [0]
        for _ in range(count):
            ids.append(samplers["greedy"](self._model.forward(ids[-self._config.max_model_len :])))
        return ids

    def text(self, ids: list[int]) -> str:
        return self._tokenizer.decode(ids)
