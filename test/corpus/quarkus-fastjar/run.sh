#!/bin/bash
set -eu
cd "$(dirname "${BASH_SOURCE[0]}")"
options=(${JAVA_OPTS:-})
if [ -n "${JAVA_MAX_MEM:-}" ]; then options+=("-Xmx$JAVA_MAX_MEM"); fi
exec java "${options[@]}" -jar quarkus-run.jar "$@"
