import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path


@dataclass
class EngineConfig:
    model: str
    dtype: str = "float16"
    quantization: str | None = None
    max_model_len: int = 128

    @cached_property
    def architecture(self) -> str:
        return json.loads((Path(self.model) / "config.json").read_text())["architectures"][0]
