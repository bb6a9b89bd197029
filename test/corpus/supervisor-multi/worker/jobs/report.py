import csv
import io


def run(store):
    out = io.StringIO()
    csv.writer(out).writerow(store.keys("*"))
    store.set("report", out.getvalue())
