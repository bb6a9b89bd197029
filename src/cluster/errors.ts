import { isUserError, UserError, type UserErrorCode } from "../base/errors.ts";
import { ruleOfDenial, ruleText } from "./denial.ts";

/** Errors of kubeconfigs, of reaching a cluster, and of what its API server refuses. */

export function kubeconfigUnreadable(what: string, hint = 'Check the file, for example with "kubectl config view".'): UserError {
  return new UserError("kubeconfig-unreadable", what, hint);
}

export function contextNotFound(name: string, known: readonly string[]): UserError {
  const list = known
    .slice(0, 12)
    .map((name) => shown(name))
    .join(", ");
  return new UserError(
    "context-not-found",
    `The kubeconfig has no context "${shown(name)}".`,
    list === "" ? "It has no context at all; add one, for example with your cloud's command line." : `Choose one of: ${list}.`,
  );
}

export function noCurrentContext(known: readonly string[]): UserError {
  const first = known[0];
  return new UserError(
    "context-not-found",
    "The kubeconfig names no current context.",
    first === undefined ? "It has no context at all." : `Choose one, for example with --context ${shown(first)}.`,
  );
}

/** The workspace is not trusted, and signing in would run a program that the kubeconfig names. */
export function commandsNotAllowed(context: string): UserError {
  return new UserError(
    "untrusted-workspace",
    `The context "${shown(context)}" signs in with a program that the kubeconfig names, which is not run in an untrusted workspace.`,
    "Trust the workspace, or choose a context that signs in with a token or a certificate.",
  );
}

export function clusterUnreachable(server: string, why: string, hint?: string): UserError {
  return new UserError(
    "cluster-unreachable",
    `The cluster at ${shown(server)} cannot be reached: ${why}.`,
    hint ?? "Check that the cluster runs, the network and VPN, and the proxy settings.",
  );
}

/** What it is for continues "… ". The output of the program is never told: it holds credentials. */
export function signInFailed(context: string, why: string, hint?: string): UserError {
  return new UserError(
    "cluster-unauthorized",
    `Signing in to the context "${shown(context)}" failed: ${why}.`,
    hint ?? `Try "kubectl --context ${shown(context)} get nodes" in a terminal, which signs in in the same way.`,
  );
}

/** A failure that the API server answered with. */
export class ApiFailure extends UserError {
  readonly status: number;
  /** Word of the API such as `Forbidden`, `NotFound`, `AlreadyExists`, `Invalid`; empty when it gave none. */
  readonly reason: string;
  /** What kind of refusal it is: quota and admission come with the same status as a missing permission. */
  readonly refusal: Refusal;
  /** Seconds that the server asks to wait before the next try. */
  readonly retryAfterSeconds: number | undefined;

  constructor(code: UserErrorCode, message: string, hint: string, answer: ApiRefusal & { refusal: Refusal }) {
    super(code, message, hint);
    this.status = answer.status;
    this.reason = answer.reason;
    this.refusal = answer.refusal;
    this.retryAfterSeconds = answer.retryAfterSeconds;
  }
}

/** Why the API server said no, as far as it matters to what is done next. */
export type Refusal = "permission" | "quota" | "admission" | "conflict" | "not-found" | "overload" | "other";

/** Compares by shape: `instanceof` fails for errors that cross bundles. */
export function isApiFailure(error: unknown): error is ApiFailure {
  return isUserError(error) && "refusal" in error && "status" in error;
}

/** An answer other than 2xx: a `Status` of the API server, or what a proxy before it said. */
export interface ApiRefusal {
  readonly status: number;
  readonly reason: string;
  /** As the server wrote it, without secrets. */
  readonly message: string;
  readonly retryAfterSeconds?: number | undefined;
}

/** `what` names the request: `GET /api/v1/nodes`. */
export function apiFailure(context: string, what: string, answer: ApiRefusal): ApiFailure {
  const said = answer.message === "" ? `status ${answer.status}` : shown(answer.message, 600);
  const refusal = refusalOf(answer);
  const make = (code: UserErrorCode, message: string, hint: string): ApiFailure =>
    new ApiFailure(code, message, hint, { ...answer, refusal });
  if (answer.status === 401) {
    return make(
      "cluster-unauthorized",
      `The cluster of the context "${shown(context)}" does not know these credentials.`,
      `Sign in again; "kubectl --context ${shown(context)} get nodes" must work first.`,
    );
  }
  if (refusal === "permission") {
    const rule = ruleOfDenial(answer.message);
    return make(
      "cluster-forbidden",
      `The cluster does not allow it: ${said}`,
      rule
        ? `Ask for a ${rule.namespace === undefined ? "ClusterRole" : `Role in ${shown(rule.namespace)}`} with ${ruleText(rule)}; "coldstart rbac" prints the whole.`
        : 'Ask for the permissions that "coldstart rbac" prints.',
    );
  }
  if (refusal === "not-found")
    return make("cluster-not-found", `${what}: ${said}`, "It may have been removed meanwhile; check name and namespace.");
  if (answer.status === 410) return make("watch-expired", `${what}: ${said}`, "List again and watch from there.");
  if (refusal === "quota")
    return make("cluster-refused", `The namespace's quota is used up: ${said}`, "Choose another namespace, or raise the ResourceQuota.");
  if (refusal === "admission") {
    return make(
      "cluster-refused",
      `The cluster's admission refused it: ${said}`,
      "Ask who runs the cluster, or choose a namespace with other rules.",
    );
  }
  if (refusal === "overload") return make("cluster-refused", `The cluster is too busy: ${said}`, "Try again later.");
  return make("cluster-refused", `${what} failed: ${said}`, "Check the request against the cluster's version and rules.");
}

function refusalOf({ status, reason, message }: ApiRefusal): Refusal {
  if (/exceeded quota|insufficient quota/i.test(message) && (status === 403 || status === 422)) return "quota";
  if (
    /admission webhook|violates PodSecurity|ValidatingAdmissionPolicy|admission plugin|forbidden by .*policy|denied the request/i.test(
      message,
    )
  )
    return "admission";
  if (status === 403) return / cannot [a-z]+ (?:resource|path) /.test(message) || message === "" ? "permission" : "admission";
  if (status === 404) return "not-found";
  if (status === 409) return "conflict";
  if (status === 429 || status === 503 || status === 504 || reason === "ServerTimeout") return "overload";
  return "other";
}

/** An answer that no Kubernetes API gives, from something else that listens there. */
export function notKubernetes(server: string, why: string): UserError {
  return clusterUnreachable(
    server,
    `what answers there is no Kubernetes API (${why})`,
    "Check the server's address in the kubeconfig, and proxies that want a sign-in.",
  );
}

export function watchExpired(path: string): UserError {
  return new UserError("watch-expired", `The watch of ${path} is too old to go on.`, "List again and watch from there.");
}

/** Words from a cluster come from anywhere and may be megabytes long or carry terminal control characters. */
export function shown(text: string, maxLength = 200): string {
  const clean = text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g, " ").trim();
  return clean.length > maxLength ? `${clean.slice(0, maxLength - 1)}…` : clean;
}
