"""Every rank scores its share of the candidates; rank 0 also speaks HTTP."""
import asyncio
import logging

import torch
import torch.distributed as dist
from safetensors.torch import load_model

from . import config
from .network import Ranker

log = logging.getLogger("ranker")


def score_together(model: Ranker, width: int, seed: int, count: int) -> list[float]:
    generator = torch.Generator().manual_seed(seed + dist.get_rank())
    with torch.inference_mode():
        mine = model(torch.randn(count, width, generator=generator))
    parts = [torch.empty_like(mine) for _ in range(dist.get_world_size())]
    dist.all_gather(parts, mine)
    return torch.cat(parts).tolist()


def follow(model: Ranker, width: int) -> None:
    while True:
        order = [None]
        dist.broadcast_object_list(order, src=0)
        if order[0] is None:
            return
        score_together(model, width, *order[0])


async def lead(model: Ranker, settings) -> None:
    from aiohttp import web

    lock = asyncio.Lock()

    async def rank(request: web.Request) -> web.Response:
        body = await request.json()
        order = (int(body["seed"]), int(body["count"]))
        async with lock:
            dist.broadcast_object_list([order], src=0)
            scores = await asyncio.to_thread(score_together, model, settings.model.width, *order)
        best = sorted(range(len(scores)), key=scores.__getitem__, reverse=True)
        return web.json_response({"best": best[:10]})

    async def health(_: web.Request) -> web.Response:
        return web.json_response({"ranks": dist.get_world_size()})

    app = web.Application()
    app.add_routes([web.get("/health", health), web.post("/rank", rank)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, settings.server.host, settings.server.port).start()
    await asyncio.Event().wait()


def main() -> None:
    settings = config.load()
    dist.init_process_group(settings.backend)
    if dist.get_rank() == 0:
        from rich.logging import RichHandler

        logging.basicConfig(level=logging.INFO, handlers=[RichHandler()])
    model = Ranker(settings.model.width, settings.model.depth).eval()
    load_model(model, settings.model.path)
    dist.barrier()
    if dist.get_rank() == 0:
        log.info("serving on port %d", settings.server.port)
        asyncio.run(lead(model, settings))
    else:
        follow(model, settings.model.width)


if __name__ == "__main__":
    main()
