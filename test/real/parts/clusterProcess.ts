import { readFileSync } from "node:fs";

/** Signals one daemon of the test cluster: `registry`, `kubelet-b`, `apiserver`. */
export function signalPart(name: string, signal: "SIGSTOP" | "SIGCONT"): void {
  const pid = Number(readFileSync(`/var/lib/coldstart-cluster/pid/${name}`, "utf8"));
  process.kill(pid, signal);
}
