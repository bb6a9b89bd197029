import numpy as np


def quantize(model, kind: str) -> None:
    for name, weight in model.weights.items():
        scale = np.abs(weight).max() / 127
        model.weights[name] = np.round(weight / scale).astype(np.int8).astype(weight.dtype) * scale
