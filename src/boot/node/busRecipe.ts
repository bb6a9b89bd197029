import { clockStep, plainEnvironment, type CollectionRecipe } from "../collectionRecipe.ts";

/** Where the pod sees the node's `/usr`. */
export const nodeUsr = "/node/usr";
export const busSocket = "/run/dbus/system_bus_socket";

/**
 * Leaves a function `busctl`: the image's own, or else the node's with the node's own libraries, so that any image with a shell will do. Their
 * loader lies in different folders, and its usual path is a link that leads nowhere here.
 */
const prelude = `
if ! command -v busctl >/dev/null 2>&1; then
  usr=${nodeUsr} loader= libraries=
  for f in $usr/lib64/ld-linux*.so* $usr/lib/ld-linux*.so* $usr/lib/*-linux-gnu*/ld-linux*.so*; do
    if [ -f "$f" ]; then loader=$f; break; fi
  done
  for f in $usr/lib64 $usr/lib/*-linux-gnu* $usr/lib; do
    if [ -d "$f" ]; then libraries=$libraries:$f:$f/systemd; fi
  done
  if [ -z "$loader" ] || [ ! -f $usr/bin/busctl ]; then echo "neither the image nor the node has busctl" >&2; exit 127; fi
  busctl() { "$loader" --library-path "\${libraries#:}" $usr/bin/busctl "$@"; }
fi
systemd=org.freedesktop.systemd1
properties() { busctl --json=short call $systemd "$1" org.freedesktop.DBus.Properties GetAll s "$2"; }
`;

/** busctl has no way to ask for many objects at once. The default target is named as it may be known no longer, and is read anew then. */
const units = `
properties /org/freedesktop/systemd1/unit/default_2etarget ""
paths=$(busctl tree --list --no-pager $systemd) || exit
for path in $(echo "$paths" | grep '^/org/freedesktop/systemd1/unit/'); do properties "$path" ""; done
exit 0
`;

/**
 * In a pod without privileges that has the machine's D-Bus socket: each unit's properties in turn, one JSON document per line. Reading is
 * open to every user of the bus; what changes anything is not.
 */
export const busRecipe: CollectionRecipe = {
  name: "D-Bus",
  needs: `a pod with the host paths ${busSocket} and /usr mounted; busctl of systemd 240 or newer in its image or on the node`,
  blindFor: "the journal, so restarts before the last and failed dependencies are concluded from the units' states; stages of cloud-init",
  environment: { ...plainEnvironment, DBUS_SYSTEM_BUS_ADDRESS: `unix:path=${busSocket}` },
  steps: [
    { file: "show-units.txt", command: "sh", args: ["-c", prelude + units], isRequired: true },
    {
      file: "show-manager.txt",
      command: "sh",
      args: ["-c", `${prelude}properties /org/freedesktop/systemd1 org.freedesktop.systemd1.Manager\n`],
      isRequired: true,
    },
    clockStep,
    { file: "os-release.txt", command: "cat", args: [`${nodeUsr}/lib/os-release`], isRequired: false },
  ],
};
