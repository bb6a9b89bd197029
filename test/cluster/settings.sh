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
