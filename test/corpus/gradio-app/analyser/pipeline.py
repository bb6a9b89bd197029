from io import BytesIO

import numpy as np
from PIL import Image

WINDOWS = {"hann", "hamming", "blackman"}


def analyse(samples: str, window: str) -> tuple[dict, Image.Image]:
    from scipy import signal

    values = np.array([float(line) for line in samples.split()], dtype=float)
    frequencies, power = signal.periodogram(values, window=window)
    peaks, _ = signal.find_peaks(power)
    return {"peaks": frequencies[peaks].round(4).tolist()}, draw(frequencies, power)


def draw(frequencies: np.ndarray, power: np.ndarray) -> Image.Image:
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(figsize=(5, 3))
    axes.semilogy(frequencies, power + 1e-12)
    axes.set_xlabel("frequency")
    buffer = BytesIO()
    figure.savefig(buffer, format="png")
    plt.close(figure)
    buffer.seek(0)
    return Image.open(buffer)
