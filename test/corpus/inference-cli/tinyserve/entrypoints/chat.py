from .command import Command


class Chat(Command):
    name = "chat"

    def add_parser(self, commands):
        parser = commands.add_parser(self.name, help="talk to a running server")
        parser.add_argument("--url", default="http://127.0.0.1:8000/v1")
        return parser

    @staticmethod
    def run(arguments):
        from openai import OpenAI

        client = OpenAI(base_url=arguments.url, api_key="none")
        while line := input("> "):
            print(client.completions.create(model="tiny", prompt=line).choices[0].text)


def commands():
    return [Chat()]
