import time

import redis


def connect(tries=100):
    client = redis.Redis(unix_socket_path="/run/redis/app.sock", decode_responses=True)
    for _ in range(tries):
        try:
            client.ping()
            return client
        except redis.ConnectionError:
            time.sleep(0.1)
    raise SystemExit("no redis")
