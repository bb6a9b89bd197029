import { foreignLine } from "../../base/foreignText.ts";
import { isApiFailure, type Refusal } from "../../cluster/errors.ts";
import type { FailureReason } from "../trial.ts";
import type { PodFailure } from "./podFailure.ts";

/** Why the API server did not take the pod. Undefined for an error that it did not answer with. */
export function failureOfCreate(error: unknown): PodFailure | undefined {
  if (!isApiFailure(error)) return undefined;
  return { reason: reasons[error.refusal], message: foreignLine(`HTTP ${error.status}: ${error.message}`, 500), patienceMs: 0 };
}

const reasons: Readonly<Record<Refusal, FailureReason>> = {
  permission: "forbidden",
  quota: "quota",
  admission: "admission",
  overload: "cluster-lost",
  conflict: "other",
  "not-found": "other",
  other: "other",
};
