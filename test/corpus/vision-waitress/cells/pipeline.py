from importlib import import_module

import cv2


class Pipeline:
    def __init__(self, steps, sigma):
        self.steps = steps
        self.sigma = sigma

    @classmethod
    def named(cls, names, sigma):
        return cls([import_module(name.strip()).apply for name in names.split(",")], sigma)

    def count(self, picture, sigma):
        state = {"picture": picture, "sigma": sigma}
        for step in self.steps:
            state = step(state)
        areas = [float(cv2.contourArea(each)) for each in state["outlines"]]
        return {"cells": len(areas), "area": sum(areas) / max(1, len(areas))}
