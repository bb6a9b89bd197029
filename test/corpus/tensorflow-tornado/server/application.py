import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import tensorflow as tf
from tornado.ioloop import IOLoop
from tornado.web import Application, HTTPError, RequestHandler


class Health(RequestHandler):
    def get(self) -> None:
        self.write({"status": "AVAILABLE"})


class Predict(RequestHandler):
    def initialize(self, model, pool) -> None:
        self._model = model
        self._pool = pool

    async def post(self) -> None:
        try:
            instances = json.loads(self.request.body)["instances"]
        except (ValueError, KeyError) as error:
            raise HTTPError(400) from error
        self.write({"predictions": await IOLoop.current().run_in_executor(self._pool, self._predict, instances)})

    def _predict(self, instances):
        batch = tf.reshape(tf.constant(instances, tf.float32), (-1, 28, 28, 1))
        return self._model.serve(batch).numpy().tolist()


def make_application(path: Path) -> Application:
    model = tf.saved_model.load(str(path))
    pool = ThreadPoolExecutor(1)
    return Application([("/health", Health), ("/v1/models/digits:predict", Predict, {"model": model, "pool": pool})])
