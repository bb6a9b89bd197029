#!/bin/sh
set -eu
for script in /etc/pages/entrypoint.d/*.sh; do
	[ -r "$script" ] && . "$script"
done
if [ "$1" = lua5.4 ] && [ "$(id -u)" = 0 ]; then
	exec su-exec app "$@"
fi
exec "$@"
