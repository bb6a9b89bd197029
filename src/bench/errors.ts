import { UserError } from "../base/errors.ts";
import { foreignLine } from "../base/foreignText.ts";
import type { Problem } from "../base/text.ts";

/** A regular expression of the plan took too long for one line of the application's words. */
export function patternTooSlow(pattern: string, limitMs: number, cause: unknown): UserError {
  return new UserError(
    "limit-exceeded",
    `The regular expression /${pattern}/ took more than ${limitMs} ms for one text.`,
    "Write it without repeats within repeats, such as (a+)+.",
    { cause },
  );
}

/** The privileged pod on the node could not do its work. */
export function probeFailed(node: string, why: string): UserError {
  return new UserError(
    "probe-failed",
    `The probe on node ${node} failed: ${why}.`,
    "Choose another probe image (it needs sh, nsenter and, where the node has none, ctr), or run without the probe at coldness L0.",
  );
}

/** Rules of the namespace or the cluster keep the privileged pod out, whatever its image. `why`: in the cluster's words. */
export function probeRefused(namespace: string, why: string, cause: unknown): UserError {
  return new UserError(
    "probe-failed",
    `The privileged probe pod was refused in namespace ${namespace}. ${why}`,
    "Choose another namespace, one that takes privileged pods, or run without the probe at coldness L0.",
    { cause },
  );
}

/** Only containerd's images can be removed and proved to be gone. `runtime`: as the kubelet names it, `cri-o://1.33.1`. */
export function notContainerd(node: string, runtime: string): UserError {
  return new UserError(
    "probe-failed",
    `Node ${node} runs ${foreignLine(runtime, 80)}: only nodes with containerd can be made cold.`,
    "Choose other nodes, or measure at coldness L0, where nobody knows how cold a start was.",
  );
}

export function noNode(what: string, known: readonly string[]): UserError {
  return new UserError(
    "no-gpu-node",
    `${what}.`,
    known.length > 0
      ? `There are: ${known.slice(0, 10).join(", ")}${known.length > 10 ? ", …" : ""}. "coldstart clusters" shows their GPUs.`
      : '"coldstart clusters" shows the nodes and their GPUs; a benchmark does not make a new node.',
  );
}

/** A level of coldness needs root on the node, and the user has not agreed to that. */
export function consentMissing(level: string): UserError {
  return new UserError(
    "consent-missing",
    `Coldness ${level} needs a privileged pod on the node, which removes the images of the plan there and drops its page cache.`,
    "Allow it with --allow-privileged, or run at coldness L0, where nobody knows how cold a start was.",
  );
}

/** `where`: the file, or what else was read. Each problem stands on a line of its own, with its place from 1 as editors count. */
export function planUnreadable(where: string, problems: readonly Problem[]): UserError {
  const lines = problems.map(({ message, range }) => {
    const place = range ? `${where}:${range.startLine + 1}:${range.startColumn + 1}: ` : "";
    return `${place}${message}`;
  });
  return new UserError(
    "plan-unreadable",
    lines.length === 1 ? (lines[0] ?? "") : `The plan cannot be used:\n${lines.join("\n")}`,
    "media/plan.schema.json lists all settings; an editor with a YAML extension offers them in *.coldstart.yaml files.",
  );
}

export function planFileUnreadable(path: string, cause: unknown): UserError {
  const why = (cause as NodeJS.ErrnoException).code ?? String(cause);
  return new UserError("plan-unreadable", `The plan ${path} cannot be read (${why}).`, "Check the path and its permissions.", { cause });
}

/** Nobody is there to be asked. */
export function notConfirmed(): UserError {
  return new UserError(
    "consent-missing",
    "Nothing was started, as there is no terminal to confirm it at.",
    "Read what the run would do and take above, then add --yes.",
  );
}

/** The user was asked and did not agree. */
export function declined(): UserError {
  return new UserError("consent-missing", "Nothing was started.", "Change the plan or its options, and try again.");
}

/** The run ended before all trials were done, or none of them was ready; what there is, is in the report. */
export function runIncomplete(why: string): UserError {
  return new UserError("run-incomplete", why, "The report holds what was measured, and for each trial why it ended.");
}

/** A plan that was put together from answers or options cannot run as it is; of the problems, the errors are told. */
export function planWrong(problems: readonly Problem[]): UserError {
  const errors = problems.filter(({ severity }) => severity === "error").map(({ message }) => message);
  return new UserError("plan-unreadable", errors.join(" "), "Answer again, or mend the plan's file.");
}

export function manifestUnreadable(path: string, code: string, cause: unknown): UserError {
  return new UserError("plan-unreadable", `The manifest ${path} cannot be read (${code}).`, "Check the path in the plan.", { cause });
}

export function makesNoPods(kind: string): UserError {
  return new UserError("plan-unreadable", `A ${kind} makes no pods.`, "Name a Deployment or a pod.");
}
