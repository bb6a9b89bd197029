import { isUserError } from "../../base/errors.ts";
import { parseReference } from "../../image/reference.ts";

/** Images that a cluster can pull, from names that may be of any origin. */

/** The name as a node pulls it; undefined for what lies on this machine only. */
export function pullableName(name: string): string | undefined {
  return imageProblem(name) === undefined ? name.trim().replace(/^docker:\/\//, "") : undefined;
}

/** Why a typed name cannot be benchmarked; undefined when it can. */
export function imageProblem(name: string): string | undefined {
  try {
    const { transport } = parseReference(name);
    if (transport === "docker" || transport === "bare") return undefined;
    return "A node pulls from a registry: write a name such as registry.example/app:1.0";
  } catch (error) {
    if (isUserError(error)) return `${error.message} ${error.hint}`;
    throw error;
  }
}
