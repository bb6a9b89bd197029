import time

from .command import Command
from .engine_arguments import add_engine_arguments, to_config


class Bench(Command):
    name = "bench"

    def add_parser(self, commands):
        parser = commands.add_parser(self.name, help="measure tokens per second")
        parser.add_argument("model")
        add_engine_arguments(parser)
        return parser

    @staticmethod
    def run(arguments):
        from tinyserve import LLM

        model = LLM(to_config(arguments))
        started = time.perf_counter()
        tokens = model.generate("measure me", 256)
        print(f"{len(tokens) / (time.perf_counter() - started):.1f} tokens/s")


def commands():
    return [Bench()]
