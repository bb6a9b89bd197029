import { isCancelled } from "../base/errors.ts";
import { parseJsonObject } from "../base/json.ts";
import type { Call } from "../base/log.ts";
import type { ResolvedContext } from "./contexts.ts";
import { shown, signInFailed } from "./errors.ts";
import { fieldsAt, textAt } from "./fields.ts";
import type { ExecProgram } from "./kubeconfig.ts";

/** What a program of a kubeconfig printed to sign in. Certificates and keys are PEM. */
export interface ExecCredential {
  readonly token?: string;
  readonly certificate?: string;
  readonly key?: string;
  /** Absent: until the server refuses it. */
  readonly expiresAtEpochMs?: number;
}

const timeoutMs = 60_000;

/**
 * Runs the program (https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins). client-node's own
 * way is not used: it puts the program's output into its errors, and tells the program nothing of the cluster.
 */
export async function runExecProgram(program: ExecProgram, context: ResolvedContext, call: Call): Promise<ExecCredential> {
  const name = shown(program.command);
  if (program.interactiveMode === "Always") throw signInFailed(context.name, `"${name}" must be asked in a terminal`);
  call.log?.debug("Signing in with a program", { context: context.name, command: program.command });
  const { execa } = await import("execa");
  const result = await execa(program.command, program.args, {
    env: { ...program.env, KUBERNETES_EXEC_INFO: JSON.stringify(execInfo(program, context)) },
    stdin: "ignore",
    reject: false,
    timeout: timeoutMs,
    maxBuffer: 1024 * 1024,
    ...(call.signal && { cancelSignal: call.signal }),
  });
  if (call.signal?.aborted || isCancelled(result, call.signal)) throw call.signal?.reason as Error;
  const hint = program.installHint === undefined ? undefined : shown(program.installHint, 500);
  if (result.timedOut) throw signInFailed(context.name, `"${name}" did not end within ${timeoutMs / 1000} s`);
  if (result.exitCode === undefined)
    throw signInFailed(context.name, `"${name}" cannot be run`, hint ?? `Install it, or put its folder into PATH.`);
  if (result.exitCode !== 0) throw signInFailed(context.name, `"${name}" ended with exit code ${result.exitCode}`);
  const credential = credentialOf(result.stdout);
  if (!credential) throw signInFailed(context.name, `"${name}" printed no credentials`);
  return credential;
}

/** Undefined when the text holds neither a token nor a certificate with its key. */
export function credentialOf(stdout: string): ExecCredential | undefined {
  const status = fieldsAt(parseJsonObject(stdout), "status");
  const token = textAt(status, "token");
  const certificate = textAt(status, "clientCertificateData");
  const key = textAt(status, "clientKeyData");
  if (token === undefined && (certificate === undefined || key === undefined)) return undefined;
  const expiresAtEpochMs = Date.parse(textAt(status, "expirationTimestamp") ?? "");
  return {
    ...(token !== undefined && { token }),
    ...(certificate !== undefined && key !== undefined && { certificate, key }),
    ...(Number.isFinite(expiresAtEpochMs) && { expiresAtEpochMs }),
  };
}

function execInfo(program: ExecProgram, { cluster }: ResolvedContext): object {
  return {
    kind: "ExecCredential",
    apiVersion: program.apiVersion,
    spec: {
      interactive: false,
      ...(program.provideClusterInfo && {
        cluster: {
          server: cluster.server,
          "tls-server-name": cluster.tlsServerName,
          "insecure-skip-tls-verify": cluster.skipTlsVerify || undefined,
          "certificate-authority-data": cluster.caData,
          "proxy-url": cluster.proxyUrl,
          config: cluster.execConfig,
        },
      }),
    },
  };
}
