import type { Account } from "./account.ts";
import type { RunConfig } from "./imageDisk.ts";

/** Docker's default capabilities. */
const capabilities =
  "CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP NET_BIND_SERVICE SYS_CHROOT KILL AUDIT_WRITE"
    .split(" ")
    .map((name) => `CAP_${name}`);

const usualPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Files that a container runtime provides, so that what is in the image at these places is never opened. */
export const providedFiles: Readonly<Record<string, string>> = {
  "/etc/hosts": "127.0.0.1 localhost box\n",
  "/etc/hostname": "box\n",
  "/etc/resolv.conf": "nameserver 127.0.0.1\n",
};

/**
 * The `config.json` of an OCI runtime bundle: namespaces of its own, a network with nothing but loopback, what Docker mounts.
 *
 * @param root where the root file system is mounted
 * @param provided a folder with the files of `providedFiles`, by their last name
 */
export function bundleConfig(config: RunConfig, account: Account, root: string, provided: string): unknown {
  const env = new Map([
    ["PATH", usualPath],
    ["HOSTNAME", "box"],
    // Told here, or the runtime reads the image's /etc/passwd for it.
    ["HOME", account.home],
    ...(config.Env ?? []).map((line): [string, string] => {
      const equals = line.indexOf("=");
      return [line.slice(0, equals), line.slice(equals + 1)];
    }),
  ]);
  const set = account.uid === 0 ? capabilities : [];
  return {
    ociVersion: "1.0.0",
    root: { path: root, readonly: false },
    hostname: "box",
    process: {
      terminal: false,
      user: { uid: account.uid, gid: account.gid, additionalGids: account.groups },
      args: commandOf(config),
      env: [...env].map(([name, value]) => `${name}=${value}`),
      cwd: config.WorkingDir || "/",
      capabilities: { bounding: capabilities, effective: set, permitted: set, inheritable: [] },
    },
    mounts: [
      { destination: "/proc", type: "proc", source: "proc" },
      { destination: "/dev", type: "tmpfs", source: "tmpfs", options: ["nosuid", "strictatime", "mode=755", "size=65536k"] },
      {
        destination: "/dev/pts",
        type: "devpts",
        source: "devpts",
        options: ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"],
      },
      { destination: "/dev/shm", type: "tmpfs", source: "shm", options: ["nosuid", "noexec", "nodev", "mode=1777"] },
      { destination: "/dev/mqueue", type: "mqueue", source: "mqueue", options: ["nosuid", "noexec", "nodev"] },
      { destination: "/sys", type: "sysfs", source: "sysfs", options: ["nosuid", "noexec", "nodev", "ro"] },
      ...Object.keys(providedFiles).map((path) => ({
        destination: path,
        type: "bind",
        source: provided + path.slice(path.lastIndexOf("/")),
        options: ["bind", "rw"],
      })),
    ],
    linux: { namespaces: ["pid", "network", "ipc", "uts", "mount"].map((type) => ({ type })) },
  };
}

/** Entrypoint and arguments. Throws when the image has neither. */
export function commandOf(config: RunConfig): string[] {
  const argv = [...(config.Entrypoint ?? []), ...(config.Cmd ?? [])];
  if (argv.length === 0) throw new Error("The image has neither ENTRYPOINT nor CMD.");
  return argv;
}
