from .int8 import quantize

__all__ = ["quantize"]
