from skimage.filters import gaussian, threshold_otsu


def apply(state):
    smooth = gaussian(state["picture"], state["sigma"])
    return {**state, "mask": smooth > threshold_otsu(smooth)}
