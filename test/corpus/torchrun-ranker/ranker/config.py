import sys
from pathlib import Path

from omegaconf import DictConfig, OmegaConf


def load(arguments: list[str] | None = None) -> DictConfig:
    """The defaults beside this module, then what the command line says as dotted names."""
    defaults = OmegaConf.load(Path(__file__).with_name("conf") / "default.yaml")
    return OmegaConf.merge(defaults, OmegaConf.from_dotlist(sys.argv[1:] if arguments is None else arguments))
