import os

from flask import Flask


def create_app():
    app = Flask(__name__)
    app.config.from_object(os.environ.get("WIKI_SETTINGS", "wiki.settings"))

    from .notes import blueprint
    from .status import status

    app.register_blueprint(blueprint, url_prefix="/notes")
    app.register_blueprint(status)
    return app
