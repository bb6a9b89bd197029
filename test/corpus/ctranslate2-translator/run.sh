#!/bin/bash
# Drops the rights of root, if it has them, and starts the server.
set -eo pipefail
port=${PORT:-8000}
command=(python -m translator --model "${MODEL:-/model}" --listen "*:$port" "$@")
if [[ $(id -u) == 0 ]]; then
	exec gosu translator "${command[@]}"
fi
exec "${command[@]}"
