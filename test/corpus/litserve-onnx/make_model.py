"""Writes a small convolutional network, its weights in a file beside it."""
import os
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

target = sys.argv[1]
os.makedirs(target)
random = np.random.default_rng(11)


def weight(name, *shape):
    return numpy_helper.from_array((random.normal(size=shape) * 0.05).astype(np.float32), name)


weights = [weight("k1", 32, 3, 3, 3), weight("k2", 64, 32, 3, 3), weight("dense", 64 * 14 * 14, 1000)]
nodes = [
    helper.make_node("Conv", ["pixels", "k1"], ["a"], strides=[4, 4], pads=[1, 1, 1, 1]),
    helper.make_node("Relu", ["a"], ["b"]),
    helper.make_node("Conv", ["b", "k2"], ["c"], strides=[4, 4], pads=[1, 1, 1, 1]),
    helper.make_node("Relu", ["c"], ["d"]),
    helper.make_node("Flatten", ["d"], ["e"]),
    helper.make_node("MatMul", ["e", "dense"], ["scores"]),
]
graph = helper.make_graph(
    nodes,
    "classifier",
    [helper.make_tensor_value_info("pixels", TensorProto.FLOAT, ["batch", 3, 224, 224])],
    [helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["batch", 1000])],
    weights,
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
onnx.save_model(model, f"{target}/classifier.onnx", save_as_external_data=True, location="classifier.weights", size_threshold=1024)
with open(f"{target}/labels.txt", "w") as file:
    file.writelines(f"label {n}\n" for n in range(1000))
