import base64
import io
import os
from pathlib import Path

import litserve
import numpy as np


class ClassifierAPI(litserve.LitAPI):
    def setup(self, device: str) -> None:
        import onnxruntime

        folder = Path(os.environ["MODEL_DIR"])
        self._session = onnxruntime.InferenceSession(folder / "classifier.onnx", providers=["CPUExecutionProvider"])
        self._labels = (folder / "labels.txt").read_text().splitlines()

    def decode_request(self, request: dict) -> np.ndarray:
        from .images import pixels

        return pixels(io.BytesIO(base64.b64decode(request["image"])))

    def predict(self, batch: np.ndarray) -> list:
        return list(self._session.run(["scores"], {"pixels": np.asarray(batch)})[0])

    def encode_response(self, scores: np.ndarray) -> dict:
        best = int(scores.argmax())
        return {"label": self._labels[best], "score": float(scores[best])}
