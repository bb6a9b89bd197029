import cv2
import numpy as np


def sample(size, blobs):
    random = np.random.default_rng(7)
    picture = np.zeros((size, size), np.uint8)
    for x, y in random.integers(10, size - 10, (blobs, 2)):
        cv2.circle(picture, (int(x), int(y)), 6, 255, -1)
    return picture
