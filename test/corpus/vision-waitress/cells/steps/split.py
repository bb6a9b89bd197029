import cv2
import numpy as np


def apply(state):
    from skimage.segmentation import watershed
    from skimage.feature import peak_local_max
    from scipy.ndimage import distance_transform_edt, label

    mask = state["mask"]
    depth = distance_transform_edt(mask)
    seeds = np.zeros(depth.shape, bool)
    seeds[tuple(peak_local_max(depth, min_distance=4).T)] = True
    parts = watershed(-depth, label(seeds)[0], mask=mask)
    outlines = []
    for number in range(1, int(parts.max()) + 1):
        outlines += cv2.findContours((parts == number).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)[0]
    return {**state, "outlines": outlines}
