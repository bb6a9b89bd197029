#!/bin/sh
set -e

echo "Bringing the database up to date"
alembic upgrade head

exec uvicorn orders.main:app --host 0.0.0.0 --port "${PORT:-8000}" --no-access-log
