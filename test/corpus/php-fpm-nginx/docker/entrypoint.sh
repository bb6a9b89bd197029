#!/bin/sh
set -e
mkdir -p /run/php /tmp/app
if [ "${1#-}" != "$1" ]; then
	set -- nginx "$@"
fi
if [ "$1" = nginx ]; then
	php -d opcache.enable_cli=0 /var/www/app/src/migrate.php
	chown -R www-data /tmp/app
	php-fpm8.2 --daemonize --fpm-config /etc/php/8.2/fpm/php-fpm.conf
fi
exec "$@"
