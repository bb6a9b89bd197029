import argparse
import asyncio

import tornado.web

from .store import connect


class Health(tornado.web.RequestHandler):
    def get(self):
        self.write({"status": "ok", "jobs": self.settings["store"].llen("jobs")})


class Jobs(tornado.web.RequestHandler):
    def post(self):
        from jinja2 import Environment, PackageLoader

        store = self.settings["store"]
        store.rpush("jobs", self.request.body)
        page = Environment(loader=PackageLoader("worker")).get_template("jobs.html")
        self.write(page.render(count=store.incr("count")))


async def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=8000)
    app = tornado.web.Application([("/health", Health), ("/jobs", Jobs)], store=connect())
    app.listen(parser.parse_args().port)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
