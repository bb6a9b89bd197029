import pickle
from pathlib import Path

import faiss
import numpy as np

from retrieval.embedding import HashedWords


class Store:
    def __init__(self, index, documents, embeddings):
        self.index, self.documents, self.embeddings = index, documents, embeddings

    @classmethod
    def open(cls, folder: Path):
        index = faiss.read_index(str(folder / "vectors.faiss"))
        with open(folder / "documents.pkl", "rb") as file:
            return cls(index, pickle.load(file), HashedWords(index.d))

    def search(self, question, count):
        query = np.array([self.embeddings.embed_query(question)], "float32")
        scores, rows = self.index.search(query, count)
        return [(self.documents[row], float(score)) for row, score in zip(rows[0], scores[0]) if row >= 0]
