import argparse
import os

from safetensors.torch import save_model

from . import config
from .network import Ranker

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--output", required=True)
    output = parser.parse_args().output
    os.makedirs(os.path.dirname(output), exist_ok=True)
    settings = config.load([f"model.path={output}"])
    save_model(Ranker(settings.model.width, settings.model.depth), output)
