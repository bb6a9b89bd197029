"""Writes a Transformer with random weights in CTranslate2's format."""
import os
import sys

import ctranslate2
import numpy as np
from ctranslate2.specs import TransformerSpec

tokens = open(sys.argv[1]).read().split()
width, heads, layers = 256, 4, 3
random = np.random.default_rng(2)


def matrix(*shape):
    return (random.normal(size=shape) * 0.05).astype(np.float32)


def norm(layer):
    layer.gamma, layer.beta = np.ones(width, np.float32), np.zeros(width, np.float32)


def linear(layer, outward, inward):
    layer.weight, layer.bias = matrix(outward, inward), np.zeros(outward, np.float32)


def attention(layer, is_self):
    norm(layer.layer_norm)
    for number, part in enumerate(layer.linear):
        first = (3 if is_self else (1, 2)[number] if number < 2 else 1) if number == 0 or not is_self else 1
        linear(part, first * width, width)


def forward(layer):
    norm(layer.layer_norm)
    linear(layer.linear_0, 4 * width, width)
    linear(layer.linear_1, width, 4 * width)


spec = TransformerSpec.from_config((layers, layers), heads)
embedding = matrix(len(tokens), width)
for side, embeddings in ((spec.encoder, spec.encoder.embeddings[0]), (spec.decoder, spec.decoder.embeddings)):
    embeddings.weight = embedding
    side.position_encodings.encodings = matrix(512, width)
    norm(side.layer_norm)
    for layer in side.layer:
        attention(layer.self_attention, True)
        if hasattr(layer, "attention"):
            attention(layer.attention, False)
        forward(layer.ffn)
linear(spec.decoder.projection, len(tokens), width)
spec.register_source_vocabulary(tokens)
spec.register_target_vocabulary(tokens)
spec.validate()
os.makedirs(sys.argv[2])
spec.save(sys.argv[2])
