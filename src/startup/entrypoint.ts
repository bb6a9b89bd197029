import type { FileCatalog } from "../facts/fileCatalog.ts";
import { isProgram, joinPath } from "./paths.ts";
import type { StartupQuestion } from "./startupSet.ts";
import type { Command } from "./walk.ts";

/** What runc sets when an image sets no PATH (containerd's and Docker's default). */
const defaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** An account of the image's `/etc/passwd`. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly home: string;
}

/**
 * The first process of the container: ENTRYPOINT with CMD as its arguments (shell form is `/bin/sh -c …` in the image's
 * configuration already). No variable is expanded: in the exec form nobody would. Undefined when there is nothing to run.
 */
export function firstCommand(catalog: FileCatalog, question: StartupQuestion): Command | undefined {
  const argv = [...question.entrypoint, ...question.cmd];
  if (argv.length === 0) return undefined;
  const account = accountOf(catalog, question.user);
  const env = new Map([["PATH", defaultPath]]);
  for (const setting of question.env) {
    const at = setting.indexOf("=");
    if (at > 0) env.set(setting.slice(0, at), setting.slice(at + 1));
  }
  if (!env.has("HOME")) env.set("HOME", account.home);
  return { argv, env, cwd: joinPath("/", question.workingDir), uid: account.uid, probability: 1, startedBy: "ENTRYPOINT" };
}

/** The account behind USER: a name or number, with or without `:group`. A name that the image does not know counts as an ordinary user. */
export function accountOf(catalog: FileCatalog, user: string): Account {
  const name = user.split(":")[0] ?? "";
  if (name === "" || name === "root" || name === "0") return { name: "root", uid: 0, home: "/root" };
  const number = /^\d+$/.test(name) ? Number(name) : undefined;
  for (const account of accounts(catalog)) {
    if (number === undefined ? account.name === name : account.uid === number) return account;
  }
  return { name, uid: number ?? 1000, home: number === undefined ? `/home/${name}` : "/" };
}

/** The accounts of `/etc/passwd`; empty when it is not there or unknown. */
export function accounts(catalog: FileCatalog): readonly Account[] {
  const entry = catalog.file("/etc/passwd");
  const fact = entry && catalog.fact(entry);
  if (fact?.kind !== "text") return [];
  return fact.text.split("\n").flatMap((line) => {
    const [name, , uid, , , home] = line.split(":");
    return name && uid && /^\d+$/.test(uid) ? [{ name, uid: Number(uid), home: home || "/" }] : [];
  });
}

/** The path that execvp would start: names without a slash are looked up in PATH. Not symlink-resolved. */
export function findProgram(catalog: FileCatalog, name: string, env: ReadonlyMap<string, string>, cwd: string): string | undefined {
  if (name === "") return undefined;
  if (name.includes("/")) {
    const path = joinPath(cwd, name);
    return catalog.file(path) ? path : undefined;
  }
  for (const folder of (env.get("PATH") ?? defaultPath).split(":")) {
    const path = joinPath(joinPath(cwd, folder), name);
    if (isProgram(catalog, path)) return path;
  }
  return undefined;
}
