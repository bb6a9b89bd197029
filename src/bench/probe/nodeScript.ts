/**
 * The shell that the probe pod runs on a node. It must do with busybox, and takes `ctr` and `crictl` from the node where they are, else
 * from the probe's image. Each script prints lines `KEY VALUE…`; `nodeReport.ts` reads them. Arguments come as positional parameters,
 * never as text within the script.
 */

/**
 * The clock in nanoseconds, empty where nothing tells them: `date` of the node, of the probe's image (busybox answers `%N` with `%N`), or busybox'
 * `adjtimex`, which has µs, or ns where a time service asked the kernel for them (STA_NANO, adjtimex(2)).
 */
const stampFunction = `stamp() { # PROCESS: one in the node's own file system
  for clock in "nsenter -t $1 -m -- /bin/date" "nsenter -t $1 -m -- /usr/bin/date" date; do
    found=$($clock +%s%N 2>/dev/null)
    case $found in "" | *[!0-9]*) ;; *) printf '%s\\n' "$found"; return ;; esac
  done
  adjtimex 2>/dev/null | awk '/status:/ { nano = int($2 / 8192) % 2 } /time.tv_sec:/ { s = $2 } /time.tv_usec:/ { u = $2 } END { if (s != "") printf "%s%09d\\n", s, nano ? u : u * 1000 }'
}`;

/** One reading of the node's clock. Argument: a process in the node's own file system. */
export const stampScript = `${stampFunction}
stamp "$1"
`;

/**
 * Finds this node's own containerd: our container's shim names the socket that it was started for. Leaves `socket`, `namespace`, `runtime`
 * (process of containerd), `root` (its root directory) and the functions `ctr`, `has_crictl`, `crictl` and `on_node`.
 */
const prelude = `
set -u
export LC_ALL=C
PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
say() { printf '%s\\n' "$*"; }
# A command that was just started hangs below a short-lived runc until the shim takes it over.
tries=0 shim=
while [ -z "$shim" ] && [ $tries -lt 50 ]; do
  pid=$$
  while [ "\${pid:-0}" -gt 1 ]; do
    read -r name 2>/dev/null </proc/$pid/comm || break
    case $name in containerd-shim*) shim=$pid; break ;; esac
    pid=$(awk '/^PPid:/ { print $2 }' /proc/$pid/status 2>/dev/null)
  done
  tries=$((tries + 1))
  [ -n "$shim" ] || sleep 0.05
done
if [ -z "$shim" ]; then say "missing containerd-shim"; exit 3; fi
argument() { tr '\\0' '\\n' </proc/$1/cmdline | awk -v a="-$2" -v b="--$2" 'found { print; exit } $0 == a || $0 == b { found = 1 } index($0, a "=") == 1 { print substr($0, length(a) + 2); exit } index($0, b "=") == 1 { print substr($0, length(b) + 2); exit }'; }
socket=$(argument $shim address)
namespace=$(argument $shim namespace)
listener() { # SOCKET: the process that listens there
  inode=$(awk -v s="$1" '$8 == s && $4 == "00010000" { print $7; exit }' /proc/$shim/net/unix)
  [ -n "$inode" ] || return 1
  for p in /proc/[0-9]*; do
    read -r name <$p/comm 2>/dev/null || continue
    case $name in systemd | "(*") continue ;; esac
    if ls -l $p/fd 2>/dev/null | grep -qF "socket:[$inode]"; then say "\${p#/proc/}"; return 0; fi
  done
  return 1
}
runtime=$(listener "$socket")
if [ -z "$runtime" ]; then say "missing containerd"; exit 3; fi
root=/proc/$runtime/root
on_node() { nsenter -t $runtime -m -- "$@"; }
find_on_node() {
  folder=$(dirname "$(readlink /proc/$runtime/exe)")
  for place in "$folder" /usr/local/bin /usr/bin /bin /opt/bin /opt/cni/bin /var/lib/rancher/rke2/bin /var/lib/rancher/k3s/data/current/bin /home/kubernetes/bin /run/current-system/sw/bin; do
    # A link to a path from the root leads into our own root when we follow it.
    if [ -x "$root$place/$1" ] || { [ -L "$root$place/$1" ] && on_node "$place/$1" --version >/dev/null 2>&1; }; then say "$place/$1"; return 0; fi
  done
  return 1
}
ctr_path=$(find_on_node ctr) || ctr_path=
crictl_path=$(find_on_node crictl) || crictl_path=
if [ -z "$ctr_path" ] && ! command -v ctr >/dev/null; then say "missing ctr"; exit 3; fi
ctr() { if [ -n "$ctr_path" ]; then on_node "$ctr_path" -a "$socket" -n "$namespace" "$@"; else command ctr -a "$root$socket" -n "$namespace" "$@"; fi; }
has_crictl() { [ -n "$crictl_path" ] || command -v crictl >/dev/null; }
crictl() { if [ -n "$crictl_path" ]; then on_node "$crictl_path" -r "unix://$socket" -i "unix://$socket" "$@"; else command crictl -r "unix://$root$socket" -i "unix://$root$socket" "$@"; fi; }
seconds() { read -r up rest </proc/uptime; say "\${up%.*}"; }
${stampFunction}
plugin_export() { # NAME KEY: what containerd's configuration says of a snapshotter
  ctr plugins ls -d 2>/dev/null | awk -v id="$1" -v key="$2" '/^Type:/ { type = $2 } /^ID:/ { name = $2 } /^Exports:/ { inside = type ~ /snapshotter/ && name == id } inside && $1 == key { print $2; exit }'
}
lazy_root() { # NAME: root folder of a snapshotter that runs as a process of its own
  folder=$(plugin_export "$1" root)
  say "\${folder%/}"
}
caches() { # NAME FOLDER: what a snapshotter keeps of images in its root folder, files and bytes
  case $1 in
  stargz) places="stargz" ;;
  soci) places="content soci/spancache" ;;
  nydus) places="cache" ;;
  *) places= ;;
  esac
  for place in $places; do
    [ -d "$root$2/$place" ] || continue
    say "cache $place $(find "$root$2/$place" -type f 2>/dev/null | wc -l) $(du -sk "$root$2/$place" 2>/dev/null | awk '{ print $1 * 1024 }')"
  done
}
`;

/** What there is: versions, disk, clock. No arguments. */
export const environmentScript = `${prelude}
say "runtime $runtime"
say "socket $socket"
say "containerd $(ctr version 2>/dev/null | awk '/^Server:/ { server = 1 } server && /Version:/ { print $2; exit }')"
say "crictl $(has_crictl && echo yes || echo no)"
say "snapshotters $(ctr plugins ls 2>/dev/null | awk '$1 ~ /snapshotter/ && $NF == "ok" { printf "%s ", $2 }')"
state=$(plugin_export overlayfs root)
say "store \${state:-/var/lib/containerd}"
disk=$(awk -v p="\${state:-/var/lib/containerd}/" 'index(p, $2 == "/" ? "/" : $2 "/") == 1 && length($2) >= best { best = length($2); found = $1 " " $3 } END { print found }' /proc/$runtime/mounts)
say "disk $disk"
device=\${disk%% *}
device=\${device##*/}
for queue in /sys/block/$device/queue /sys/class/block/$device/../queue; do
  [ -r $queue/read_ahead_kb ] && { say "readahead $(cat $queue/read_ahead_kb)"; break; }
done
# Only settings by name: a command line or a configuration may hold what is nobody's business.
for process in /proc/[0-9]*; do
  read -r name <$process/comm 2>/dev/null || continue
  case $name in containerd-star*) loader=stargz ;; soci-snapshott*) loader=soci ;; containerd-nydu*) loader=nydus ;; *) continue ;; esac
  address=$(plugin_export $loader address)
  file=$(argument \${process#/proc/} config)
  { tr '\\0' '\\n' <$process/cmdline; [ -n "$file" ] && cat "$root$file"; } 2>/dev/null | grep -qF "\${address:-/none}" || continue
  say "loader $loader $(timeout 2 nsenter -t $runtime -m -- "$(readlink $process/exe)" --version 2>/dev/null | head -n 1 | cut -c1-80)"
  [ -n "$file" ] && awk -v l="$loader" '
    /^ *\\[/ { gsub(/[][ ]/, ""); section = $0 "."; if (section ~ /host|"/) section = "skip"; next }
    section != "skip" && /^ *(no_background_fetch|prefetch_size|noprefetch|max_concurrency|enable|daemon_mode|fs_driver|prefetch_all|experimental_parallel_pull_as_fallback|max_concurrent_[a-z_]+|discard_unpacked_layers) *=/ { sub(/^ */, ""); print "setting", l, section substr($0, 1, 80) }' "$root$file"
done
exit 0
`;

/**
 * Makes the node cold for images. Arguments: run id, level (1 to 3), snapshotter, then the names of the run's images.
 * Prints what it did and what it found afterwards; never touches other images than those named and those of the same content.
 */
export const coolScript = `${prelude}
run=$1 level=$2 snapshotter=$3
shift 3
listed() { ctr images ls 2>/dev/null | awk 'NR > 1 { print $1, $3 }'; }
digests=$(for image in "$@"; do listed | awk -v n="$image" '$1 == n { print $2 }'; done | sort -u)
names() { for digest in $digests; do listed | awk -v d="$digest" '$2 == d { print $1 }'; done; for image in "$@"; do listed | awk -v n="$image" '$1 == n { print $1 }'; done; }
holders() { ctr containers ls 2>/dev/null | awk 'NR > 1 { print $1, $2 }' | while read -r id image; do for name in "$@"; do [ "$image" = "$name" ] && say "$id $image"; done; done; }
all_names=$(names "$@" | sort -u)
began=$(seconds)
while :; do
  if has_crictl; then
    for sandbox in $(crictl pods -q --state NotReady --label "coldstart.dev/run=$run" 2>/dev/null); do crictl rmp "$sandbox" >/dev/null 2>&1; done
  fi
  left=$(holders "$@" $all_names | sort -u)
  [ -z "$left" ] && break
  waited=$(($(seconds) - began))
  [ $waited -ge 75 ] && break
  # Proxies cut a connection over which nothing comes.
  say "waiting $waited"
  # Stopped ones go with the kubelet's next sweep; one that runs on is somebody else's.
  if [ $waited -ge 10 ]; then
    running=$(ctr tasks ls 2>/dev/null | awk '$3 == "RUNNING" { print $1 }')
    say "$left" | awk '{ print $1 }' | grep -qxF "$running" && break
  fi
  sleep 0.2
done
holders "$@" $all_names | sort -u | while read -r id image; do say "container $id $image"; done
if [ -z "$left" ]; then
  for name in $all_names; do ctr images rm --sync "$name" >/dev/null 2>&1 && say "removed $name"; done
  lease=coldstart-$run-$$
  ctr leases create --id "$lease" >/dev/null 2>&1
  ctr leases delete --sync "$lease" >/dev/null 2>&1 && say "collected"
fi
# SOCI keeps its index and tables beyond the image, and grants its pause of background fetching once a process.
if [ "$level" -ge 2 ] && [ "$snapshotter" = soci ]; then
  folder=$(lazy_root soci)
  process=
  for candidate in /proc/[0-9]*; do
    read -r name <$candidate/comm 2>/dev/null || continue
    case $name in soci-snapshott*)
      base=$(argument \${candidate#/proc/} root)
      [ "\${base%/}" = "$folder" ] || { [ -z "$base" ] && [ "$folder" = /var/lib/soci-snapshotter-grpc ]; } && process=\${candidate#/proc/} ;;
    esac
  done
  sandboxes=$(ctr containers ls 2>/dev/null | awk 'NR > 1 { print $1 }' | while read -r id; do ctr containers info "$id" 2>/dev/null | grep -q '"Snapshotter": "soci"' && say "$id"; done | wc -l)
  if [ -z "$process" ]; then say "soci-reset no-process"
  elif [ "$sandboxes" -gt 0 ]; then say "soci-reset in-use $sandboxes"
  else
    unit=$(sed -n 's|.*/\\([^/]*\\.service\\)$|\\1|p' /proc/$process/cgroup | head -n 1)
    arguments=/tmp/coldstart-soci-$$
    cp /proc/$process/cmdline $arguments
    path=$(tr '\\0' '\\n' </proc/$process/environ | sed -n 's/^PATH=//p')
    output=$(readlink /proc/$process/fd/2)
    if [ -n "$unit" ] && nsenter -t 1 -m -- systemctl stop "$unit" >/dev/null 2>&1; then :; else unit=; kill $process; fi
    waited=0
    while [ -e /proc/$process/exe ] && [ $waited -lt 100 ]; do sleep 0.1; waited=$((waited + 1)); done
    rm -rf "$root$folder/content" "$root$folder/soci/spancache"
    if [ -n "$unit" ]; then nsenter -t 1 -m -- systemctl start "$unit" >/dev/null 2>&1
    else
      # Not a child of the probe: it must outlive it. Its group of processes is containerd's.
      for tasks in $(awk -F: '{ print ($2 == "" ? "" : $2) ":" $3 }' /proc/$runtime/cgroup); do
        controller=\${tasks%%:*} group=\${tasks#*:}
        controller=\${controller#name=}
        for mount in $root/sys/fs/cgroup/$controller $root/sys/fs/cgroup/unified $root/sys/fs/cgroup; do
          [ -w "$mount$group/cgroup.procs" ] && { say $$ >"$mount$group/cgroup.procs" 2>/dev/null; break; }
        done
      done
      case $output in /*) ;; *) output=/dev/null ;; esac
      xargs -0 sh -c 'target=$1 path=$2 output=$3; shift 3; PATH=$path exec setsid nsenter -t "$target" -m -n -- "$@" >>"/proc/$target/root$output" 2>&1 </dev/null &' sh "$runtime" "$path" "$output" <$arguments
    fi
    rm -f $arguments
    waited=0
    until ctr snapshots --snapshotter soci ls >/dev/null 2>&1 || [ $waited -ge 100 ]; do sleep 0.1; waited=$((waited + 1)); done
    say "soci-reset done"
  fi
fi
if [ "$level" -ge 3 ]; then
  say "cached-before $(awk '/^Cached:/ { print $2 * 1024 }' /proc/meminfo)"
  sync
  echo 3 >/proc/sys/vm/drop_caches && say "dropped"
  say "cached-after $(awk '/^Cached:/ { print $2 * 1024 }' /proc/meminfo)"
fi
# What is left, for the proof.
for name in $(names "$@" | sort -u); do say "image $name"; done
ctr images ls -q >/dev/null 2>&1 || say "unlisted images"
ctr containers ls -q >/dev/null 2>&1 || say "unlisted containers"
left=$(ctr snapshots --snapshotter "$snapshotter" ls 2>/dev/null) || say "unlisted snapshots"
say "$left" | awk 'NR > 1 { print "snapshot", $1, $NF }'
left=$(ctr content ls -q 2>/dev/null) || say "unlisted content"
say "$left" | awk 'NF { print "content", $1 }'
folder=$(lazy_root "$snapshotter")
if [ -n "$folder" ] && [ "$snapshotter" != overlayfs ]; then
  caches "$snapshotter" "$folder"
  awk -v f="$folder/" '$3 ~ /^fuse/ && index($2, f) == 1 { n++ } END { print "fuse-mounts", n + 0 }' /proc/$runtime/mounts
fi
exit 0
`;

/**
 * How a container's root is mounted. Argument: container id. containerd shortens the paths of many layers to those from the folder that holds
 * them all (`compactLowerdirOption`), which is the one that holds the writable layer, too.
 */
export const proveScript = `${prelude}
container=$1
say "info $(ctr containers info "$container" 2>/dev/null | awk -F'"' '/"Snapshotter":/ { s = $4 } /"SnapshotKey":/ { k = $4 } /"Image":/ { i = $4 } END { print s, k, i }')"
rootfs=$(awk -v c="/$container/rootfs" 'substr($2, length($2) - length(c) + 1) == c { print $3 "\\t" $4; exit }' /proc/$runtime/mounts)
say "rootfs $(printf %s "$rootfs" | awk -F'\\t' '{ print $1 }')"
options() { printf %s "$rootfs" | awk -F'\\t' '{ print $2 }' | tr ',' '\\n' | sed -n "s/^$1=//p"; }
upper=$(options upperdir)
options lowerdir | tr ':' '\\n' | while read -r lower; do
  case $lower in /*) ;; *)
    folder=\${upper%/*/*}
    [ -d "$root$folder/$lower" ] || folder=$(plugin_export overlayfs root)/snapshots
    [ -d "$root$folder/$lower" ] || { say "lower-unknown $lower"; continue; }
    lower=$folder/$lower ;;
  esac
  awk -v l="$lower/" 'index(l, $2 == "/" ? "/" : $2 "/") == 1 && length($2) >= best { best = length($2); found = $3 " " $1 " " $2 } END { print "lower", found }' /proc/$runtime/mounts
done
exit 0
`;

/** What the snapshotter has fetched for itself. Argument: the snapshotter's name. */
export const fetchedScript = `${prelude}
snapshotter=$1
folder=$(lazy_root "$snapshotter")
if [ "$snapshotter" = nydus ]; then
  for api in "$root$folder"/socket/*/api.sock; do
    [ -S "$api" ] || continue
    answer=$(printf 'GET /api/v1/metrics/backend HTTP/1.0\\r\\nHost: x\\r\\n\\r\\n' | nc "local:$api" 2>/dev/null | tr ',{' '\\n\\n' | sed -n 's/.*"read_amount_total":\\([0-9]*\\).*/\\1/p')
    [ -n "$answer" ] && say "counter nydusd $answer"
  done
fi
caches "$snapshotter" "$folder"
ctr content ls 2>/dev/null | awk 'NR > 1 { print "blob", $1, $2 }'
exit 0
`;

/**
 * Counts what comes in from the registry, ten times a second, until the file appears or the time is over: lines `at UPTIME BYTES`.
 * Arguments: host of the registry or an empty word, file that ends it, seconds at most.
 */
export const sampleScript = `${prelude}
host=$1 stop=$2 limit=$3
# The interface on the way there; for a registry that is this node's own proxy, all that lead out: none that pods hang on.
devices() {
  case $host in
  127.* | localhost | "[::1]")
    for entry in $root/sys/class/net/* /sys/class/net/*; do
      name=\${entry##*/}
      case $name in lo | "*" | cali* | lxc* | veth* | cni* | docker* | flannel* | cilium* | nodelocaldns | kube-ipvs* | ifb*) continue ;; esac
      { [ -e $entry/master ] || [ -e $entry/bridge ]; } || say "$name"
    done | sort -u | tr '\\n' ' '
    return ;;
  [0-9]*.[0-9]*.[0-9]*.[0-9]*) address=$host ;;
  ?*) address=$(nslookup "$host" 2>/dev/null | awk '/^Address/ { a = $NF } END { print a }') ;;
  *) address= ;;
  esac
  route=
  [ -n "$address" ] && route=$(nsenter -t $runtime -n -- ip route get "$address" 2>/dev/null | sed -n 's/.* dev \\([^ ]*\\).*/\\1/p' | head -n 1)
  [ -n "$route" ] || route=$(awk '$2 == "00000000" { print $1; exit }' /proc/$runtime/net/route)
  say "$route"
}
list=" $(devices) "
say "interface $list"
now=$(stamp $runtime)
read -r up rest </proc/uptime
say "clock $now $up"
end=$((\${up%.*} + limit))
while [ "$list" != "  " ]; do
  read -r up rest </proc/uptime
  counts=
  while IFS=' :' read -r name bytes rest; do
    case $list in *" $name "*) counts="$counts $name=$bytes" ;; esac
  done </proc/$runtime/net/dev
  say "at $up$counts"
  # Looked for after the count, so that the last one is of after the end.
  if [ -e "$stop" ] || [ "\${up%.*}" -ge "$end" ]; then break; fi
  sleep 0.1
done
rm -f "$stop"
exit 0
`;

/** What an image that the node has consists of: its manifests and configuration, a line `document DIGEST JSON` each. Arguments: names of images. */
export const describeScript = `${prelude}
document() {
  text=$(ctr content get "$1" 2>/dev/null | head -c 1000000 | tr -d '\\n\\r\\0')
  case $text in "{"*) say "document $1 $text" ;; *) return ;; esac
  [ "$2" -gt 0 ] || return
  for inner in $(printf %s "$text" | grep -o '"digest": *"sha256:[0-9a-f]*"' | grep -o 'sha256:[0-9a-f]*' | sort -u); do
    size=$(ctr content ls 2>/dev/null | awk -v d="$inner" '$1 == d { print $2 }')
    case $size in *B) case $size in *[MG]*B) ;; *) document "$inner" $(($2 - 1)) ;; esac ;; esac
  done
}
for image in "$@"; do
  digest=$(ctr images ls 2>/dev/null | awk -v n="$image" 'NR > 1 && $1 == n { print $3; exit }')
  [ -n "$digest" ] && { say "target $image $digest"; document "$digest" 2; }
done
exit 0
`;
