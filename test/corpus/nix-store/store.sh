#!/bin/bash
# Lays out the closure of node, bash and coreutils as Nix does: /nix/store/HASH-NAME-VERSION, a package of Debian each.
set -euo pipefail
image=/image
declare -A store_of # package → store path

store_path() { # NAME
	echo "/nix/store/$(echo -n "$1" | sha256sum | head -c 32 | tr 0-9a-f a-df-np-s0)-$1"
}
package_of() { dpkg -S "$1" 2>/dev/null | head -1 | cut -d: -f1; }
add_library() { # FILE: copies a library into its package's store path, names the folder
	local real package
	real=$(readlink -f "$1")
	package=$(package_of "$real" || true)
	[ -n "$package" ] || package=$(package_of "${real#/usr}" || echo misc)
	store_of[$package]=${store_of[$package]:-$(store_path "$package-$(dpkg-query -W -f '${Version}' "$package" 2>/dev/null | tr -c 'a-zA-Z0-9.\n' - || echo 0)")}
	mkdir -p "$image${store_of[$package]}/lib"
	cp -n "$real" "$image${store_of[$package]}/lib/"
	[ "$(basename "$1")" = "$(basename "$real")" ] || ln -sf "$(basename "$real")" "$image${store_of[$package]}/lib/$(basename "$1")"
	folder=${store_of[$package]}/lib
}
libraries() { ldd "$1" | sed -nE 's/.* => (\/[^ ]+).*/\1/p; s/^\s*(\/lib64\/[^ ]+).*/\1/p'; }

declare -A rpath
loader=
for program in /usr/bin/node /bin/bash /usr/bin/coreutils /bin/cat /bin/mkdir /usr/bin/dirname; do
	[ -e $program ] || continue
	for library in $(libraries $program); do
		add_library "$library"
		rpath[$folder]=1
		case $library in */ld-linux*) loader=$folder/$(basename "$library") ;; esac
	done
done
runpath=$(IFS=:; echo "${!rpath[*]}")
place() { # FILE STORE-PATH
	mkdir -p "$image$2/bin"
	cp "$(readlink -f "$1")" "$image$2/bin/$(basename "$1")"
	patchelf --set-interpreter "$loader" --set-rpath "$runpath" "$image$2/bin/$(basename "$1")"
}
node=$(store_path nodejs-18.20)
bash=$(store_path bash-5.2)
core=$(store_path coreutils-9.1)
place /usr/bin/node "$node"
place /bin/bash "$bash"
ln -s bash "$image$bash/bin/sh"
for program in cat mkdir dirname ls cp; do place /bin/$program "$core" 2>/dev/null || place /usr/bin/$program "$core"; done
# Libraries find each other by their own RUNPATH; the C library stays as it is.
for library in "$image"/nix/store/*/lib/*.so*; do
	case $library in *ld-linux* | *libc.so* | *libm.so*) continue ;; esac
	[ -L "$library" ] || patchelf --set-rpath "$runpath" "$library"
done
# Debian's node keeps parts of its JavaScript outside of the binary.
modules=$(store_path nodejs-modules-18.20)
mkdir -p "$image/usr/share" "$image$modules"
cp -aL /usr/share/nodejs "$image$modules/nodejs"
ln -s "$modules/nodejs" "$image/usr/share/nodejs"
app=$(store_path quotes-1.2.0)
mkdir -p "$image$app"/{bin,libexec}
cp -r /app "$image$app/libexec/quotes"
cat >"$image$app/bin/quotes" <<W
#! $bash/bin/bash -e
export NODE_ENV=\${NODE_ENV-'production'}
PATH=\${PATH:+':'\$PATH':'}
PATH=\${PATH/':''$core/bin'':'/':'}
PATH='$core/bin'\$PATH
PATH=\${PATH#':'}
PATH=\${PATH%':'}
export PATH
export QUOTES_DATA='$app/libexec/quotes/data'
mkdir -p /tmp/quotes
exec -a "\$0" "$node/bin/node" "$app/libexec/quotes/main.js" "\$@"
W
chmod +x "$image$app/bin/quotes"
cacert=$(store_path nss-cacert-3.101)
mkdir -p "$image$cacert/etc/ssl/certs" "$image/etc/ssl/certs" "$image/bin" "$image/tmp"
cp /etc/ssl/certs/ca-certificates.crt "$image$cacert/etc/ssl/certs/ca-bundle.crt"
ln -s "$cacert/etc/ssl/certs/ca-bundle.crt" "$image/etc/ssl/certs/ca-bundle.crt"
ln -s "$app/bin/quotes" "$image/bin/quotes"
ln -s "$bash/bin/bash" "$image/bin/bash"
chmod 1777 "$image/tmp"
chroot "$image" /bin/bash -c 'echo the closure works'
