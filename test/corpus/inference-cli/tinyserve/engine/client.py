import asyncio
import multiprocessing
import tempfile

import msgspec
import zmq
import zmq.asyncio

from .config import EngineConfig
from .process import run_engine


class EngineClient:
    """Speaks with the engine, which has a process of its own."""

    def __init__(self, config: EngineConfig) -> None:
        self.config = config
        address = f"ipc://{tempfile.mkdtemp()}/engine"
        self._socket = zmq.asyncio.Context.instance().socket(zmq.REQ)
        self._socket.bind(address)
        self._lock = asyncio.Lock()
        self._process = multiprocessing.get_context("spawn").Process(target=run_engine, args=(config, address), daemon=True)
        self._process.start()

    @property
    def alive(self) -> bool:
        return self._process.is_alive()

    async def _ask(self, value: object) -> object:
        async with self._lock:
            await self._socket.send(msgspec.msgpack.encode(value))
            return msgspec.msgpack.decode(await self._socket.recv())

    async def started(self) -> None:
        await self._ask({"ping": True})

    async def generate(self, prompt: str, count: int) -> str:
        return await self._ask({"prompt": prompt, "count": count})

    def close(self) -> None:
        self._process.terminate()
