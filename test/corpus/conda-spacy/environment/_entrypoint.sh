#!/usr/bin/env bash
set -eu
for script in "$CONDA_PREFIX"/etc/conda/activate.d/*.sh; do
  [ -r "$script" ] && . "$script"
done
exec "$@"
