#!/bin/bash
set -eo pipefail
shopt -s nullglob

log() { printf '%s [Note] [Entrypoint]: %s\n' "$(date -Iseconds)" "$*"; }
fail() { printf '%s [ERROR] [Entrypoint]: %s\n' "$(date -Iseconds)" "$*" >&2; exit 1; }

# file_env VAR [DEFAULT]: VAR, or the contents of the file that VAR_FILE names.
file_env() {
	local name="$1" file="${1}_FILE" default="${2:-}"
	if [ -n "${!name:-}" ] && [ -n "${!file:-}" ]; then fail "both $name and $file are set"; fi
	local value="$default"
	if [ -n "${!name:-}" ]; then value="${!name}"; elif [ -n "${!file:-}" ]; then value="$(<"${!file}")"; fi
	export "$name"="$value"
}

configured() { "$@" --verbose --help 2>/dev/null | awk -v name="$KEY" '$1 == name && /^[^ \t]/ { sub(/^[^ \t]+[ \t]+/, ""); print; exit }'; }

start_temporary() {
	"$@" --skip-networking --socket="$SOCKET" --wsrep_on=OFF &
	local i
	for i in {30..0}; do
		if mariadb --protocol=socket -uroot -hlocalhost --socket="$SOCKET" --database=mysql <<<'SELECT 1' &>/dev/null; then return; fi
		sleep 1
	done
	fail "cannot start"
}

process_init_files() {
	local file
	for file; do
		case "$file" in
		*.sh) log "running $file"; if [ -x "$file" ]; then "$file"; else . "$file"; fi ;;
		*.sql) log "running $file"; mariadb --protocol=socket -uroot --socket="$SOCKET" "$MARIADB_DATABASE" <"$file" ;;
		*.sql.gz) gunzip -c "$file" | mariadb --protocol=socket -uroot --socket="$SOCKET" "$MARIADB_DATABASE" ;;
		*) log "ignoring $file" ;;
		esac
	done
}

main() {
	if [ "${1:0:1}" = '-' ]; then set -- mariadbd "$@"; fi
	if [ "$1" = mariadbd ] || [ "$1" = mysqld ]; then
		if [ "$(id -u)" = 0 ]; then
			find /var/lib/mysql /run/mysqld ! -user mysql -exec chown mysql: '{}' +
			exec gosu mysql "$BASH_SOURCE" "$@"
		fi
		KEY=datadir; DATADIR="$(configured "$@")"
		KEY=socket; SOCKET="$(configured "$@")"
		file_env MARIADB_ROOT_PASSWORD
		if [ ! -d "${DATADIR}mysql" ]; then
			log "initializing"
			mariadb-install-db --datadir="$DATADIR" --rpm --auth-root-authentication-method=normal --skip-test-db --cross-bootstrap >/dev/null
			start_temporary "$@"
			mariadb --protocol=socket -uroot --socket="$SOCKET" <<<"CREATE DATABASE IF NOT EXISTS \`$MARIADB_DATABASE\`;"
			process_init_files /docker-entrypoint-initdb.d/*
			mariadb-admin --protocol=socket -uroot --socket="$SOCKET" shutdown
			log "ready for start up"
		fi
	fi
	exec "$@"
}

main "$@"
