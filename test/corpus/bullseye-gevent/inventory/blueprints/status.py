from flask import Blueprint, jsonify

blueprint = Blueprint("status", __name__)


@blueprint.route("/health")
def health():
    return jsonify(ok=True)
