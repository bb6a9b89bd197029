import sys

import jax
import jax.numpy as jnp
from flax.traverse_util import flatten_dict
from safetensors.flax import save_file

from .network import Forecaster

parameters = Forecaster().init(jax.random.key(0), jnp.zeros((1, 96)))
save_file(flatten_dict(parameters, sep="."), sys.argv[1])
