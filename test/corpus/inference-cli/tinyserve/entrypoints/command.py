import argparse


class Command:
    name: str

    def add_parser(self, commands) -> argparse.ArgumentParser:
        raise NotImplementedError

    @staticmethod
    def run(arguments: argparse.Namespace) -> None:
        raise NotImplementedError
