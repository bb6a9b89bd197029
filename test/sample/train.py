"""Trains the model that the service loads. Runs while the image is built."""

import sys

import joblib
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

TICKETS = {
    "billing": ["invoice is wrong", "charged twice", "refund please", "change my credit card", "cancel the subscription"],
    "access": ["cannot log in", "forgot my password", "account is locked", "two factor code does not arrive", "add a user"],
    "bug": ["page crashes", "error when saving", "export is empty", "numbers do not add up", "app is slow"],
}


def main(path: str) -> None:
    texts = [text for examples in TICKETS.values() for text in examples]
    queues = [queue for queue, examples in TICKETS.items() for _ in examples]
    model = make_pipeline(TfidfVectorizer(ngram_range=(1, 2)), LogisticRegression())
    joblib.dump(model.fit(texts, queues), path)


if __name__ == "__main__":
    main(sys.argv[1])
