import { randomBytes } from "node:crypto";
import { isUserError } from "../../base/errors.ts";
import type { Call } from "../../base/log.ts";
import type { Problem } from "../../base/text.ts";
import type { Cluster } from "../../cluster/cluster.ts";
import { checkOwnPermissions, permissionsMissing } from "../../cluster/permissions.ts";
import type { BootMachine, ReadBoot } from "../bootChain.ts";
import { collectBoot } from "../collectBoot.ts";
import { insideHost, systemctlRecipe, type CollectionRecipe } from "../collectionRecipe.ts";
import { nodeConsentMissing, nodePodFailed, nodePodRefused, nodeUnasked, noSystemd } from "../errors.ts";
import { busRecipe, busSocket } from "./busRecipe.ts";
import { collectFromLogs } from "./kubeletLogs.ts";
import { readNodeFacts, whyUnaskable, type NodeFacts } from "./nodeFacts.ts";
import { inPod, startBusPod, startPrivilegedPod, type NodePodSettings } from "./nodePod.ts";
import { nodeWays, wayTexts, type NodeWay } from "./nodeWay.ts";

export interface NodeCollection {
  /** Absent: one after another, from the least privileged on, until one tells of the boot. */
  readonly way?: NodeWay | undefined;
  /** Where pods are made. */
  readonly namespace: string;
  readonly probeImage: string;
  /** Whether a privileged pod may run on the node; asked only when it comes to that. */
  mayBePrivileged(node: string): Promise<boolean>;
}

/**
 * The running boot of a node. Problems of the result tell by which way it was asked, what that way cannot see, and why lesser ways were passed
 * over. Throws `UserError` when no way leads there; a pod that was made is gone by then.
 */
export async function collectFromNode(cluster: Cluster, node: string, collection: NodeCollection, call: Call): Promise<ReadBoot> {
  const facts = await readNodeFacts(cluster, node, call);
  const unaskable = whyUnaskable(facts);
  if (unaskable !== undefined) throw noSystemd(node, unaskable);
  const ways = collection.way === undefined ? nodeWays : [collection.way];
  const passedOver: Problem[] = [];
  for (const way of ways) {
    try {
      const boot = await collectBy[way]({ cluster, node, facts, collection, call });
      return {
        value: { ...boot.value, machine: { ...machineOf(facts), ...boot.value.machine } },
        problems: [told(way), ...passedOver, ...boot.problems],
      };
    } catch (error) {
      call.signal?.throwIfAborted();
      if (!isUserError(error) || ways.length === 1) throw error;
      call.log?.info("A way to ask a node leads nowhere", { node, way, why: error.message });
      passedOver.push({ severity: "info", message: `${wayTexts[way].title}: not this way. ${error.message} ${error.hint}` });
    }
  }
  throw nodeUnasked(
    node,
    passedOver.map(({ message }) => message),
  );
}

/** What the machine does not tell of itself. */
function machineOf({ kernelVersion, instanceType, machineImage }: NodeFacts): BootMachine {
  return {
    ...(kernelVersion !== undefined && { kernelVersion }),
    ...(instanceType !== undefined && { instanceType }),
    ...(machineImage !== undefined && { machineImage }),
  };
}

function told(way: NodeWay): Problem {
  const { title, blindFor } = wayTexts[way];
  return { severity: "info", message: `${title} told of this boot${blindFor === undefined ? "" : `. It cannot see: ${blindFor}`}.` };
}

/** Of systemctl, and of nsenter and env where there is none. */
const noSystemdWords = /not been booted with systemd|systemctl'?: (?:No such file|not found)|can't execute 'systemctl'/i;

interface Asking {
  readonly cluster: Cluster;
  readonly node: string;
  readonly facts: NodeFacts;
  readonly collection: NodeCollection;
  readonly call: Call;
}

const collectBy: Readonly<Record<NodeWay, (asking: Asking) => Promise<ReadBoot>>> = {
  async logs({ cluster, node, facts, collection, call }) {
    await requireRules(cluster, "boot", collection.namespace, call);
    return collectFromLogs(cluster, node, facts, call);
  },
  async bus(asking) {
    await requireRules(asking.cluster, "boot-pod", asking.collection.namespace, asking.call);
    return inOwnPod(asking, busRecipe, startBusPod);
  },
  async probe(asking) {
    const { cluster, node, collection, call } = asking;
    await requireRules(cluster, "boot-pod", collection.namespace, call);
    if (!(await collection.mayBePrivileged(node))) throw nodeConsentMissing(node);
    try {
      return await inOwnPod(asking, insideHost(systemctlRecipe), startPrivilegedPod);
    } catch (error) {
      if (isUserError(error) && noSystemdWords.test(error.message)) throw noSystemd(node, "its first process is no systemd");
      throw error;
    }
  },
};

/** Names each verb that is missing. */
async function requireRules(cluster: Cluster, tier: "boot" | "boot-pod", namespace: string, call: Call): Promise<void> {
  const permissions = await checkOwnPermissions(cluster, tier, namespace, call);
  if (!permissions.isAllowed) throw permissionsMissing(permissions);
}

async function inOwnPod(
  { cluster, node, collection, call }: Asking,
  recipe: CollectionRecipe,
  start: typeof startBusPod,
): Promise<ReadBoot> {
  const { namespace, probeImage: image } = collection;
  const settings: NodePodSettings = {
    node,
    namespace,
    image,
    runId: `boot-${randomBytes(4).toString("hex")}`,
    faults: {
      failed: (why) => (why.includes(busSocket) ? noSystemd(node, why.replace("the node", "it")) : nodePodFailed(node, why)),
      refused: (why, cause) => nodePodRefused(namespace, why, cause),
    },
  };
  const pod = await start(cluster, settings, call);
  try {
    const problems: Problem[] = [];
    const run = inPod(pod, (file) =>
      problems.push({ severity: "info", message: `Only the beginning of ${file} was read, as it is very long.` }),
    );
    const boot = await collectBoot(node, recipe, run, call);
    return { value: boot.value, problems: [...boot.problems, ...problems] };
  } finally {
    // Also after a cancellation, so without its signal.
    await pod.remove({ log: call.log });
  }
}
