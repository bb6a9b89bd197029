export PAGES_TITLE="$(sed -n "s/^title=//p" /etc/pages/pages.conf)"
