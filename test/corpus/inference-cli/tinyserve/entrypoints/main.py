import argparse
import importlib

COMMANDS = ["tinyserve.entrypoints.serve", "tinyserve.entrypoints.bench", "tinyserve.entrypoints.chat"]


def main() -> None:
    from tinyserve import __version__

    parser = argparse.ArgumentParser(prog="tinyserve")
    parser.add_argument("-v", "--version", action="version", version=__version__)
    commands = parser.add_subparsers(required=True, dest="command")
    run = {}
    for module in COMMANDS:
        for command in importlib.import_module(module).commands():
            command.add_parser(commands).set_defaults(run=command.run)
            run[command.name] = command
    arguments = parser.parse_args()
    arguments.run(arguments)


if __name__ == "__main__":
    main()
