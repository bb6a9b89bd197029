# Where the test cluster lives; sourced by its scripts. One cluster a machine: its state, networks and cgroups have fixed names.
here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
cache=${COLDSTART_TEST_CACHE:-$HOME/.cache/coldstart-test}
built=$cache/cluster/built
bin=$cache/cluster/bin
# Images survive `down`; they were expensive to convert.
registry_storage=$cache/cluster/registry
# Short, since unix sockets may have 107 characters and Nydus wants less for its root.
state=/var/lib/coldstart-cluster
log=$state/log
pids=$state/pid
pki=$state/pki
kubeconfig=$cache/cluster/run/admin.kubeconfig
owner_file=$state/owner

host_ip=10.201.0.1
registry_ip=10.201.0.2
registry=$registry_ip:5000
# SOCI speaks plain HTTP to registries on localhost only, whatever its configuration says.
local_registry=127.0.0.1:15555
registry_namespace=coldstart-registry
registry_link=csregistry
api_port=16443
etcd_port=12379
controller_port=10357
scheduler_port=10359
link_rate=${COLDSTART_LINK_RATE:-200mbit}
kubernetes_version=v1.36.3
containerd_version=v2.4.2

export PATH=$bin:$(printf "%s:" "$cache"/go-*/bin)/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:$PATH
export KUBECONFIG=$kubeconfig

# The node that boots is number 2.
node_number() { case $1 in a) echo 0 ;; b) echo 1 ;; *) echo 2 ;; esac }
node_state() { echo "$state/$1"; }
bridge_of() { echo "cspods$(node_number "$1")"; }
cgroup_of() { echo "coldstart-$1"; }

say() { printf 'cluster: %s\n' "$*"; }
fail() {
	printf 'cluster: %s\n' "$*" >&2
	exit 1
}

# spawn NAME COMMAND…: starts a daemon in a session of its own, unless it runs.
spawn() {
	local name=$1
	shift
	is_running "$name" && return 0
	setsid nohup "$@" >>"$log/$name.log" 2>&1 </dev/null 9>&- &
	echo $! >"$pids/$name"
}

# Whether the recorded process is still that one: after a restart of the machine its number belongs to somebody else.
is_running() {
	local pid
	pid=$(cat "$pids/$1" 2>/dev/null) || return 1
	[ -n "$pid" ] && kill -0 "$pid" 2>/dev/null && tr '\0' ' ' <"/proc/$pid/cmdline" | grep -qE "$state|$bin|docker-registry|socat"
}

# ports_of NAME: where a daemon listens on this machine; those of nodes are numbered.
ports_of() {
	local n
	n=$(node_number "${1#*-}")
	case $1 in
	registry-proxy) echo "$local_registry" ;;
	etcd) echo "127.0.0.1:$etcd_port 127.0.0.1:$((etcd_port + 1))" ;;
	apiserver) echo "127.0.0.1:$api_port" ;;
	controller-manager) echo "127.0.0.1:$controller_port" ;;
	scheduler) echo "127.0.0.1:$scheduler_port" ;;
	containerd-*) echo "127.0.0.1:$((18097 + n * 100))" ;;
	stargz-*) echo "127.0.0.1:$((18098 + n * 100))" ;;
	soci-*) echo "127.0.0.1:$((18099 + n * 100))" ;;
	nydus-*) echo "127.0.0.1:$((18110 + n * 100))" ;;
	kubelet-*) echo "$host_ip:$((11250 + n)) 127.0.0.1:$((11350 + n))" ;;
	esac
}

# need_ports NAME…: fails, naming the owners, where a daemon that does not run yet would find its port taken.
need_ports() {
	local name at owner taken=
	for name in "$@"; do
		! is_running "$name" || continue
		for at in $(ports_of "$name"); do
			owner=$(ss -Hltnp "sport = :${at#*:}" | awk -v at="$at" '
				{ address = $4; sub(/:[0-9]+$/, "", address); split(at, want, ":") }
				address == want[1] || address == "*" || address == "0.0.0.0" || address == "[::]" { print $6; exit }')
			[ -z "$owner" ] || taken+=$(printf '\n  %s for %s: %s' "$at" "$name" "$(sed -E 's/^users:\(\("([^"]*)",pid=([0-9]+).*/process \2 (\1)/' <<<"$owner")")
		done
	done
	[ -z "$taken" ] || fail "These ports are taken. End who has them, then try again:$taken"
}

# adopt NAME PATTERN: records a daemon that somebody else started anew, as a benchmark does with SOCI's snapshotter.
adopt() {
	local pid
	is_running "$1" && return 0
	pid=$(pgrep -f -- "$2" | head -n 1) || return 0
	echo "$pid" >"$pids/$1"
}

# stop NAME [TENTHS]: ends a daemon, by force after so many tenths of a second.
stop() {
	local pid
	if is_running "$1"; then
		pid=$(cat "$pids/$1")
		kill "$pid" 2>/dev/null || true
		for _ in $(seq "${2:-100}"); do
			kill -0 "$pid" 2>/dev/null || break
			sleep 0.1
		done
		kill -9 "$pid" 2>/dev/null || true
	fi
	rm -f "$pids/$1"
}

# unmount_below FOLDER: what is mounted on others' mounts too.
unmount_below() {
	for _ in 1 2 3; do
		awk '{print $2}' /proc/mounts | { grep "^$1/" || true; } | sort -r | while read -r mount; do umount -l "$mount" 2>/dev/null || true; done
	done
}

# until_ok SECONDS COMMAND…: polls.
until_ok() {
	local end=$((SECONDS + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ $SECONDS -lt $end ] || fail "waited in vain for: $*"
		sleep 0.1
	done
}

in_registry() { ip netns exec "$registry_namespace" "$@"; }
