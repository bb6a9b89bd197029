import msgspec
import zmq

from .config import EngineConfig


def run_engine(config: EngineConfig, address: str) -> None:
    from tinyserve.plugins import load_plugins

    from .core import EngineCore

    load_plugins()
    core = EngineCore(config)
    socket = zmq.Context.instance().socket(zmq.REP)
    socket.connect(address)
    while True:
        order = msgspec.msgpack.decode(socket.recv())
        answer = core.text(core.generate(order["prompt"], order["count"])) if "prompt" in order else True
        socket.send(msgspec.msgpack.encode(answer))
