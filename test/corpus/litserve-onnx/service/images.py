import numpy as np
from PIL import Image


def pixels(file) -> np.ndarray:
    image = Image.open(file).convert("RGB").resize((224, 224), Image.Resampling.BILINEAR)
    return (np.asarray(image, dtype=np.float32) / 255).transpose(2, 0, 1)
