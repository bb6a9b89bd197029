#!/bin/sh
set -e
: "${MODEL_PATH:=/srv/model.joblib}"
export MODEL_PATH

if [ "$1" = "train" ]; then
  exec python train.py "$MODEL_PATH"
fi
exec "$@"
