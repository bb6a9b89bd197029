import json
import os
from configparser import ConfigParser

import bottle

from cells.pipeline import Pipeline
from cells.samples import sample


def create_app():
    config = ConfigParser()
    config.read(os.environ["CELLS_CONFIG"])
    pipeline = Pipeline.named(config["pipeline"]["steps"], sigma=config["pipeline"].getfloat("sigma"))
    app = bottle.Bottle()

    @app.get("/health")
    def health():
        return {"steps": len(pipeline.steps)}

    @app.get("/cells/sample")
    def of_sample():
        picture = sample(config["samples"].getint("size"), config["samples"].getint("blobs"))
        found = pipeline.count(picture, float(bottle.request.query.get("sigma") or pipeline.sigma))
        bottle.response.content_type = "application/json"
        return json.dumps(found)

    @app.post("/cells")
    def of_upload():
        import cv2
        import numpy as np

        raw = np.frombuffer(bottle.request.body.read(8 << 20), np.uint8)
        return json.dumps(pipeline.count(cv2.imdecode(raw, cv2.IMREAD_GRAYSCALE), pipeline.sigma))

    return app
