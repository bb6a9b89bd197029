import grpc

from stock.stubs import stock_pb2, stock_pb2_grpc


def count_of(address, sku):
    with grpc.insecure_channel(address) as channel:
        return stock_pb2_grpc.StockStub(channel).Count(stock_pb2.Item(sku=sku)).left
