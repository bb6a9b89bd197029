import argparse

import yaml
from aiohttp import web

from .application import create

parser = argparse.ArgumentParser(prog="relay")
parser.add_argument("--config", type=argparse.FileType("r"), required=True)
config = yaml.safe_load(parser.parse_args().config)
web.run_app(create(config), host=config["listen"]["host"], port=config["listen"]["port"])
