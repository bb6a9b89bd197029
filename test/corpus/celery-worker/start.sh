#!/bin/sh
# A worker with its own broker beside it, for small installations; an outer broker is used when BROKER_URL names one.
set -eu

case "$BROKER_URL" in
redis://127.0.0.1*|redis://localhost*)
	redis-server --daemonize yes --save "" --appendonly no --dir /tmp
	until redis-cli ping >/dev/null 2>&1; do sleep 0.1; done
	;;
esac

export C_FORCE_ROOT=${C_FORCE_ROOT:-0}
exec "$@"
