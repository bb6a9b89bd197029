import logging
import threading
import time

from .settings import Settings

log = logging.getLogger(__name__)


class Encoder:
    def __init__(self, settings: Settings) -> None:
        from sentence_transformers import SentenceTransformer

        started = time.monotonic()
        self._settings = settings
        self._model = SentenceTransformer(settings.model, device=settings.device)
        self._lock = threading.Lock()
        log.info("loaded %s in %.1f s", settings.model, time.monotonic() - started)

    @property
    def dimension(self) -> int:
        return self._model.get_sentence_embedding_dimension()

    def encode(self, texts: list[str]) -> list[list[float]]:
        with self._lock:
            vectors = self._model.encode(texts, batch_size=self._settings.batch_size, normalize_embeddings=self._settings.normalize)
        return vectors.tolist()
