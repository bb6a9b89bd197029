import argparse

from tinyserve.engine.config import EngineConfig


def add_engine_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--dtype", default="float16", choices=["float16", "float32"])
    parser.add_argument("--quantization", choices=["int8", "fp8"])
    parser.add_argument("--max-model-len", type=int, default=128)


def to_config(arguments: argparse.Namespace) -> EngineConfig:
    return EngineConfig(arguments.model, arguments.dtype, arguments.quantization, arguments.max_model_len)
