import hashlib
import re

import numpy as np
from langchain_core.embeddings import Embeddings


class HashedWords(Embeddings):
    """Word and letter trigram hashes: no model to ship, good enough for a help centre."""

    def __init__(self, size: int = 512):
        self.size = size

    def embed_query(self, text: str) -> list[float]:
        vector = np.zeros(self.size, "float32")
        for word in re.findall(r"\w+", text.lower()):
            for part in [word, *(word[i : i + 3] for i in range(len(word) - 2))]:
                vector[int.from_bytes(hashlib.blake2b(part.encode(), digest_size=4).digest()) % self.size] += 1
        return (vector / (np.linalg.norm(vector) or 1)).tolist()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [self.embed_query(text) for text in texts]
