import logging
from concurrent.futures import ThreadPoolExecutor
from pkgutil import resolve_name
from signal import SIGTERM, signal

import grpc
from grpc_health.v1 import health, health_pb2, health_pb2_grpc

from stock.service import StockService
from stock.stubs import stock_pb2, stock_pb2_grpc

log = logging.getLogger("stock")


def run(config):
    logging.basicConfig(level=logging.INFO)
    server = grpc.server(ThreadPoolExecutor(config.threads))
    store = resolve_name(config.store)(config.items)
    stock_pb2_grpc.add_StockServicer_to_server(StockService(store), server)
    checks = health.HealthServicer()
    health_pb2_grpc.add_HealthServicer_to_server(checks, server)
    if config.reflection:
        from grpc_reflection.v1alpha import reflection

        reflection.enable_server_reflection([stock_pb2.DESCRIPTOR.services_by_name["Stock"].full_name, reflection.SERVICE_NAME], server)
    server.add_insecure_port(config.address)
    server.start()
    checks.set("", health_pb2.HealthCheckResponse.SERVING)
    log.info("listening on %s", config.address)
    signal(SIGTERM, lambda *_: server.stop(5))
    server.wait_for_termination()
