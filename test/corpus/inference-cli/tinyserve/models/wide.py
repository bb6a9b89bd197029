import numpy as np

from .loader import load_weights


class WideForCausalLM:
    def __init__(self, config) -> None:
        self.weights = load_weights(config.model, config.dtype)

    def forward(self, ids: list[int]) -> np.ndarray:
        hidden = self.weights["embed"][ids].mean(0) + 2
        for layer in range(8):
            hidden = hidden + np.tanh(hidden @ self.weights[f"layer.{layer}"])
        return hidden @ self.weights["embed"].T
