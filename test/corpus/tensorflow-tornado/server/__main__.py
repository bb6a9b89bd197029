import asyncio
import logging
import signal

from tornado.options import define, options, parse_command_line

from .application import make_application
from .versions import newest

define("port", default=8501, help="where to listen")
define("model_dir", help="folder of numbered versions")


async def main() -> None:
    parse_command_line()
    application = make_application(newest(options.model_dir))
    server = application.listen(options.port)
    logging.info("listening on %d", options.port)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await stop.wait()
    server.stop()


asyncio.run(main())
