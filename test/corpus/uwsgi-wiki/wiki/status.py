from flask import Blueprint, jsonify

status = Blueprint("status", __name__)


@status.get("/health")
def health():
    return jsonify(status="ok")
