#!/bin/bash
# Starts the service with the options of conf/jvm.options.
set -eu
APP_HOME=$(cd "$(dirname "$0")/.." && pwd)
JAVA=java
[ -n "${JAVA_HOME:-}" ] && [ -x "$JAVA_HOME/bin/java" ] && JAVA=$JAVA_HOME/bin/java
OPTIONS=()
while read -r line; do
  case $line in '#'* | '') continue ;; esac
  OPTIONS+=("$line")
done <"$APP_HOME/conf/jvm.options"
exec "$JAVA" "${OPTIONS[@]}" -Dapp.home="$APP_HOME" -Dlogback.configurationFile="$APP_HOME/conf/logback.xml" -jar "$APP_HOME/app.jar" "$@"
