ulimit -n 1024 || true
