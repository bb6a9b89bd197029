import uvloop

from .command import Command
from .engine_arguments import add_engine_arguments, to_config


class Serve(Command):
    name = "serve"

    def add_parser(self, commands):
        parser = commands.add_parser(self.name, help="serve a model over HTTP")
        parser.add_argument("model")
        parser.add_argument("--host", default="0.0.0.0")
        parser.add_argument("--port", type=int, default=8000)
        add_engine_arguments(parser)
        return parser

    @staticmethod
    def run(arguments):
        from .api_server import run_server

        uvloop.run(run_server(arguments, to_config(arguments)))


def commands():
    return [Serve()]
