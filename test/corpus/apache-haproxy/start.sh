#!/bin/sh
# The proxy stands before Apache.
set -eu
: "${APACHE_CONFDIR:=/etc/apache2}"
. "$APACHE_CONFDIR/envvars"
mkdir -p "$APACHE_RUN_DIR/socks" "$APACHE_LOCK_DIR" "$APACHE_LOG_DIR"
rm -f "$APACHE_PID_FILE"
if ! haproxy -c -q -f /usr/local/etc/haproxy/haproxy.cfg; then
	echo "haproxy.cfg is wrong" >&2
	exit 78
fi
haproxy -W -D -p /run/haproxy.pid -f /usr/local/etc/haproxy/haproxy.cfg
exec apache2 -D FOREGROUND
