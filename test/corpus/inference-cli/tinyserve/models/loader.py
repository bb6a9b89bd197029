from pathlib import Path

import numpy as np


def load_weights(folder: str, dtype: str) -> dict[str, np.ndarray]:
    from safetensors import safe_open

    weights = {}
    for path in sorted(Path(folder).glob("*.safetensors")):
        with safe_open(path, framework="np") as file:
            for name in file.keys():
                weights[name] = file.get_tensor(name).astype(dtype)
    return weights
