import { foreignLine } from "../base/foreignText.ts";
import { fieldsAt, listAt, textAt } from "./fields.ts";

/** How far a pod with one container has come. `why` continues a sentence. */
export type PodState = { readonly kind: "waiting" } | { readonly kind: "running" } | { readonly kind: "failed"; readonly why: string };

export function podStateOf(pod: unknown): PodState {
  const status = fieldsAt(pod, "status");
  const state = fieldsAt(listAt(status, "containerStatuses")[0], "state");
  if (state["running"]) return { kind: "running" };
  const waiting = fieldsAt(state, "waiting");
  const reason = textAt(waiting, "reason");
  if (reason !== undefined && /Err|BackOff|Invalid/.test(reason)) {
    return { kind: "failed", why: `its image cannot be started (${reason}: ${foreignLine(textAt(waiting, "message") ?? "")})` };
  }
  if (textAt(status, "phase") === "Failed") {
    return { kind: "failed", why: `it ended at once (${textAt(status, "reason") ?? "no reason told"})` };
  }
  return { kind: "waiting" };
}

/** What a list of a pod's events says of a path of the node that is not there or not of the right kind; undefined when it says nothing. */
export function volumeFault(events: unknown): string | undefined {
  for (const event of listAt(events, "items")) {
    const path = /hostPath type check failed: (\S+) is not/.exec(textAt(event, "message") ?? "")?.[1];
    if (path !== undefined) return `the node has no ${foreignLine(path, 100)}`;
  }
  return undefined;
}
