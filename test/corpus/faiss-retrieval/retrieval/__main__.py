import argparse
import json
import logging.config
from pathlib import Path


def serve(options):
    import uvicorn

    from retrieval.api import build

    uvicorn.run(build(options.index), host="0.0.0.0", port=options.port, log_config=None, access_log=False)


def ask(options):
    from retrieval.store import Store

    for document, score in Store.open(options.index).search(options.question, 3):
        print(f"{score:.3f} {document.page_content[:70]}")


def main():
    import os

    parser = argparse.ArgumentParser(prog="retrieval")
    parser.add_argument("--index", type=Path, default=Path(os.environ.get("INDEX_DIR", "index")))
    commands = parser.add_subparsers(required=True)
    server = commands.add_parser("serve")
    server.add_argument("--port", type=int, default=8000)
    server.set_defaults(run=serve)
    asking = commands.add_parser("ask")
    asking.add_argument("question")
    asking.set_defaults(run=ask)
    options = parser.parse_args()
    settings = Path("logging.json")
    if settings.exists():
        logging.config.dictConfig(json.loads(settings.read_text()))
    options.run(options)


if __name__ == "__main__":
    main()
