"""The generated modules import each other by their bare names."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "generated"))

import stock_pb2  # noqa: E402
import stock_pb2_grpc  # noqa: E402

__all__ = ["stock_pb2", "stock_pb2_grpc"]
