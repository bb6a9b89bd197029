import os

from dotenv import load_dotenv
from flask import Flask
from werkzeug.utils import find_modules, import_string

load_dotenv()


def create_app():
    app = Flask(__name__)
    app.config["ITEMS_PER_PAGE"] = int(os.environ["ITEMS_PER_PAGE"])
    from . import database

    database.open(os.environ["DATABASE_URL"])
    for name in find_modules("inventory.blueprints"):
        app.register_blueprint(import_string(name).blueprint)
    return app
