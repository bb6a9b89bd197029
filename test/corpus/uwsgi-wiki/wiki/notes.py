from datetime import datetime, timezone
from pathlib import Path

from dateutil.relativedelta import relativedelta
from flask import Blueprint, abort, current_app, render_template
from markupsafe import Markup

blueprint = Blueprint("notes", __name__, template_folder="templates")


@blueprint.get("/<name>")
def note(name: str):
    path = Path(current_app.config["NOTES"], f"{name}.rst")
    if not name.isidentifier() or not path.exists():
        abort(404)
    from docutils.core import publish_parts

    parts = publish_parts(path.read_text(), writer_name=current_app.config["WRITER"], settings_overrides={"raw_enabled": False})
    changed = datetime.fromtimestamp(path.stat().st_mtime, timezone.utc)
    age = relativedelta(datetime.now(timezone.utc), changed)
    return render_template("note.html", title=parts["title"], body=Markup(parts["body"]), age=age)
