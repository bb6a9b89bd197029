from flask import Blueprint, current_app, render_template, request

from inventory.database import Item, session

blueprint = Blueprint("items", __name__)


@blueprint.route("/items", methods=["GET", "POST"])
def items():
    if request.method == "POST":
        body = request.get_json()
        session.add(Item(name=body["name"], count=body.get("count", 1)))
        session.commit()
    found = session.query(Item).order_by(Item.name).limit(current_app.config["ITEMS_PER_PAGE"]).all()
    return render_template("items.html", items=found)


@blueprint.route("/suppliers/<name>")
def supplier(name):
    import requests

    return requests.get("https://suppliers.example/" + name, timeout=5).json()
