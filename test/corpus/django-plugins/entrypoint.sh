#!/bin/sh
set -e
export SECRET_KEY="${SECRET_KEY:-$(head -c 32 /dev/urandom | base64)}"
if [ "$1" = hypercorn ]; then
	python manage.py migrate --noinput
	python manage.py loaddata starters
fi
exec "$@"
