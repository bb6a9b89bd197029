import re

from spacy.language import Language
from spacy.tokens import Doc, Span

if not Doc.has_extension("amounts"):
    Doc.set_extension("amounts", default=[])


@Language.factory("amounts", default_config={"currency": "EUR"})
def make_amounts(nlp: Language, name: str, currency: str):
    pattern = re.compile(rf"(\d+(?:[.,]\d+)?)\s*{currency}")

    def find(doc: Doc) -> Doc:
        doc._.amounts = [float(found[1].replace(",", ".")) for found in pattern.finditer(doc.text)]
        return doc

    return find


@Language.component("titles")
def titles(doc: Doc) -> Doc:
    doc.ents = [Span(doc, t.i, t.i + 1, label="TITLE") for t in doc if t.is_title and not t.is_sent_start]
    return doc
