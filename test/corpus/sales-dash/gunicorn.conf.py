import os

bind = f"0.0.0.0:{os.environ.get('PORT', '8050')}"
worker_class = "gthread"
workers = 1
threads = 4
preload_app = True
timeout = 120


def post_fork(server, worker):
    server.log.info("worker %s serves the dashboard", worker.pid)
