import numpy as np

samplers = {}


def greedy(logits: np.ndarray) -> int:
    return int(logits.argmax())


def register() -> None:
    samplers["greedy"] = greedy
