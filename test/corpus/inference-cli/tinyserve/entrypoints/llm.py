from tinyserve.engine.config import EngineConfig
from tinyserve.engine.core import EngineCore


class LLM:
    def __init__(self, config: EngineConfig) -> None:
        self._core = EngineCore(config)

    def generate(self, prompt: str, count: int) -> list[int]:
        return self._core.generate(prompt, count)
