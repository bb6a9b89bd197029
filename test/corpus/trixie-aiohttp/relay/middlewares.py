import time

from aiohttp import web


@web.middleware
async def timing(request, handler):
    started = time.monotonic()
    response = await handler(request)
    response.headers["x-seconds"] = f"{time.monotonic() - started:.4f}"
    return response


@web.middleware
async def errors(request, handler):
    try:
        return await handler(request)
    except KeyError as error:
        return web.json_response({"missing": str(error)}, status=422)
