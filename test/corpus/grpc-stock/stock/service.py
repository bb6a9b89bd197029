import grpc
from prometheus_client import Counter

from stock.stubs import stock_pb2, stock_pb2_grpc

taken = Counter("stock_taken_total", "Items taken", ["sku"])


class StockService(stock_pb2_grpc.StockServicer):
    def __init__(self, store):
        self.store = store

    def Count(self, request, context):
        left = self.store.count(request.sku)
        if left is None:
            context.abort(grpc.StatusCode.NOT_FOUND, f"no {request.sku}")
        return stock_pb2.Level(sku=request.sku, left=left)

    def Take(self, request, context):
        taken.labels(request.sku).inc(request.quantity)
        return stock_pb2.Level(sku=request.sku, left=self.store.take(request.sku, request.quantity))
