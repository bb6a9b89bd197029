import falcon

from .pieces import cut, known


class Health:
    def on_get(self, request: falcon.Request, response: falcon.Response) -> None:
        response.media = {"pieces": len(known())}


class Translate:
    def __init__(self, model: str, threads: int) -> None:
        import ctranslate2

        self._translator = ctranslate2.Translator(model, device="cpu", intra_threads=threads)

    def on_post(self, request: falcon.Request, response: falcon.Response) -> None:
        words = request.get_media()["text"].split()
        pieces = [piece for word in words for piece in cut(word)]
        result = self._translator.translate_batch([pieces], max_decoding_length=12, beam_size=2)[0]
        response.media = {"text": "".join(result.hypotheses[0])}


def create(model: str, threads: int) -> falcon.App:
    app = falcon.App()
    app.add_route("/health", Health())
    app.add_route("/translate", Translate(model, threads))
    return app
