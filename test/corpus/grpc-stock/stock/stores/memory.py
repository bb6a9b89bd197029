from threading import Lock


class MemoryStore:
    def __init__(self, items):
        self.items, self.lock = dict(items), Lock()

    def count(self, sku):
        return self.items.get(sku)

    def take(self, sku, quantity):
        with self.lock:
            self.items[sku] = max(0, self.items.get(sku, 0) - quantity)
            return self.items[sku]
