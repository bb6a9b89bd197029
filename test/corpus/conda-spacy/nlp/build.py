import sys

import spacy

from . import components  # noqa: F401

nlp = spacy.blank("de")
nlp.add_pipe("sentencizer")
nlp.add_pipe("amounts")
nlp.add_pipe("titles")
ruler = nlp.add_pipe("entity_ruler", config={"overwrite_ents": False})
ruler.add_patterns([{"label": "PLACE", "pattern": f"Ort{n}"} for n in range(3000)])
nlp.to_disk(sys.argv[1])
