import pickle
import sys
from pathlib import Path

import faiss
import numpy as np
from langchain_core.documents import Document
from langchain_text_splitters import MarkdownHeaderTextSplitter

from retrieval.embedding import HashedWords


def main(source, target):
    splitter = MarkdownHeaderTextSplitter([("#", "topic"), ("##", "question")])
    documents: list[Document] = []
    for path in sorted(Path(source).glob("*.md")):
        documents += splitter.split_text(path.read_text())
    vectors = np.array(HashedWords().embed_documents([d.page_content for d in documents]), "float32")
    index = faiss.IndexHNSWFlat(vectors.shape[1], 16, faiss.METRIC_INNER_PRODUCT)
    index.add(vectors)
    Path(target).mkdir(parents=True, exist_ok=True)
    faiss.write_index(index, str(Path(target, "vectors.faiss")))
    Path(target, "documents.pkl").write_bytes(pickle.dumps(documents))


if __name__ == "__main__":
    main(*sys.argv[1:])
