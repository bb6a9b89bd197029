import { badRule } from "./errors.ts";

/** What kind of work a unit does for a node. */
export const workClassNames = [
  "cloud-init",
  "network-wait",
  "gpu-driver",
  "gpu-validation",
  "storage",
  "container-runtime",
  "image-preload",
  "kubelet",
  "snap",
  "other",
] as const;
export type WorkClassName = (typeof workClassNames)[number];

/** A class of work with what is to be said of it whatever the boot. */
export interface WorkClass {
  readonly name: WorkClassName;
  readonly title: string;
  /** Whether such work is the same on every machine, so that a machine image could hold its outcome. */
  readonly inImage: "yes" | "partly" | "no";
  /** One sentence each: what to do about it, which the numbers of a boot then support or not. */
  readonly advice: {
    readonly inImage: string;
    readonly faster: string;
    readonly needed: string;
  };
}

/** A unit or stage is of the class of the first rule that matches its name. */
export interface WorkRule {
  readonly class: WorkClassName;
  /** On the whole name, upper and lower case alike. */
  readonly units: RegExp;
}

/** Settings' rules come first. Sources of the names: the packages' own unit files, and units of common node images. */
export const workRules: readonly WorkRule[] = [
  { class: "gpu-validation", units: /(?:nvidia|gpu|dcgm|cuda).*(?:valid|check|diag|health|test|dcgm)|^nvidia-dcgm|^dcgm/ },
  { class: "gpu-driver", units: /nvidia|^dkms|^gpu-|-gpu-|^amdgpu|^rocm|^habana|^neuron|^modprobe@nvidia|cuda/ },
  {
    class: "image-preload",
    units:
      /(?:image|container)s?-?(?:preload|prefetch|prepull|pre-pull|warm|import|load|copy)|(?:preload|prefetch|prepull|warm).*image|^sandbox-image/,
  },
  {
    class: "kubelet",
    units: /kubelet|^nodeadm|^kubeadm|^bootstrap-(?:node|kube)|^k3s|^rke2|^kube-node|^aks-node|^configure-node|^kubernetes/,
  },
  { class: "snap", units: /^snapd?[.-]|^snap\b|\bsnapd\b/ },
  { class: "container-runtime", units: /^containerd|^docker|^crio|^cri-o|^cri-|^podman|^runc|^(?:soci|nydus|stargz|overlaybd)/ },
  { class: "network-wait", units: /wait-online|^network-online\.target|^ifup-wait|^wait-for-network|^NetworkManager-wait/i },
  {
    class: "cloud-init",
    units:
      /^cloud-(?:init|config|final)|^(?:init-local|init-network|modules-config|modules-final)(?:$|\/)|^cloud-init|^google-startup|^google-guest|^waagent|^walinuxagent|^ignition|^ec2-/i,
  },
  {
    class: "storage",
    units:
      /\.(?:mount|automount|swap)$|^(?:systemd-)?fsck|^systemd-(?:fsck|growfs|makefs|remount-fs|repart)|^dev-.*\.device$|storage|nvme|raid|^mdadm|^mdmonitor|^lvm2?|^efs|nfs|^rpc|lustre|^fsx|^ceph|^iscsi|^multipath|^blk-availability|^mkfs|^format-|^local-disk|^ebs|^disk/,
  },
];

export const workClasses: readonly WorkClass[] = [
  {
    name: "cloud-init",
    title: "cloud-init",
    inImage: "partly",
    advice: {
      inImage:
        "Packages, users and files that are the same on every machine belong into the machine image; only the node's identity does not.",
      faster: "Name the one datasource (datasource_list), and leave out modules that nothing uses.",
      needed: "With the work in the image, a small agent of the cloud may replace it.",
    },
  },
  {
    name: "network-wait",
    title: "Waiting for the network",
    inImage: "no",
    advice: {
      inImage: "A machine gets its addresses when it starts.",
      faster: "Wait for one interface only (systemd-networkd-wait-online --any or --interface).",
      needed: "kubelet and most agents try again until the network is there: they can begin without waiting for it.",
    },
  },
  {
    name: "gpu-driver",
    title: "GPU driver",
    inImage: "yes",
    advice: {
      inImage: "Installing a driver depends on kernel and driver version only: build it into the machine image.",
      faster: "Use precompiled kernel modules rather than a build on the machine.",
      needed: "Loading the driver is needed, installing it on each machine is not.",
    },
  },
  {
    name: "gpu-validation",
    title: "GPU validation",
    inImage: "no",
    advice: {
      inImage: "It looks at this machine's hardware.",
      faster: "Run the short level only, and the long one in the background.",
      needed: "Many providers check GPUs before they hand a machine out; other checks find failing ones later.",
    },
  },
  {
    name: "storage",
    title: "Storage",
    inImage: "partly",
    advice: {
      inImage: "Mount units and tools can be in the image; what is attached to this machine cannot.",
      faster: "Keep file systems small to check, format with lazy initialisation, and mount on demand (x-systemd.automount).",
      needed: "Volumes that only some pods use need not be there before the node is (nofail, or a CSI driver).",
    },
  },
  {
    name: "container-runtime",
    title: "Container runtime",
    inImage: "partly",
    advice: {
      inImage: "The runtime and its settings belong into the image.",
      faster: "Slow starts come from large metadata databases and from slow disks under its root.",
      needed: "kubelet needs it.",
    },
  },
  {
    name: "image-preload",
    title: "Loading images",
    inImage: "yes",
    advice: {
      inImage:
        "Images can be in the runtime's store on the machine image. On clouds that fetch disk blocks on first use, measure: the disk may be slower than the registry.",
      faster: "Lazy loading fetches what starts need only; link the store rather than copy it to another disk.",
      needed: "Images that no pod starts at once can follow after the node is ready.",
    },
  },
  {
    name: "kubelet",
    title: "kubelet",
    inImage: "no",
    advice: {
      inImage: "The node's identity is made on the machine; binaries and settings can be in the image.",
      faster: "Restarts before its settings exist cost the wait between them: start it once they do.",
      needed: "It is what makes the machine a node.",
    },
  },
  {
    name: "snap",
    title: "snap",
    inImage: "yes",
    advice: {
      inImage: "Seed snaps while the image is built, or use packages instead.",
      faster: "Seeding goes over all snaps: keep only those that are used.",
      needed: "Nodes run without snapd when nothing on them comes from snaps.",
    },
  },
  {
    name: "other",
    title: "Other units",
    inImage: "partly",
    advice: {
      inImage: "Whatever comes out the same on every machine can be in the machine image.",
      faster: "Look at what it reads: blocks of a new disk are often fetched on first use.",
      needed: "Units that nothing waits for can be turned off or begin later.",
    },
  },
];

/** The class of a unit's or stage's name; `other` when no rule matches. */
export function classOf(name: string, rules: readonly WorkRule[]): WorkClassName {
  return rules.find((rule) => rule.units.test(name))?.class ?? "other";
}

/** The rules of settings, then ours. A setting is `{"class": "storage", "units": "^efs-"}`; throws `UserError` for another shape. */
export function withSettings(settings: readonly unknown[]): readonly WorkRule[] {
  return [...settings.map(readRule), ...workRules];
}

function readRule(setting: unknown, index: number): WorkRule {
  const { class: name, units } = (typeof setting === "object" && setting !== null ? setting : {}) as Readonly<Record<string, unknown>>;
  const known = workClassNames.find((other) => other === name);
  if (!known) throw badRule(index, `"class" is none of ${workClassNames.join(", ")}`);
  if (typeof units !== "string" || units === "" || units.length > 500) throw badRule(index, '"units" is no regular expression');
  try {
    return { class: known, units: new RegExp(units, "i") };
  } catch (error) {
    throw badRule(index, (error as Error).message);
  }
}
