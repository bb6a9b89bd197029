import type { FileCatalog } from "../../facts/fileCatalog.ts";
import { textOf } from "../paths.ts";
import type { Command } from "../walk.ts";

export interface NodeVersion {
  readonly major: number;
  readonly minor: number;
}

/** Node's ABI number, which Debian's library carries in its name (nodejs.org/download/releases). */
const majorOfAbi: Readonly<Record<string, number>> = { "93": 16, "108": 18, "115": 20, "127": 22, "137": 24 };

/** The version of the image's Node by what official images and package managers write down; undefined when nobody does. */
export function nodeVersion(catalog: FileCatalog, command: Command, libraries: readonly string[]): NodeVersion | undefined {
  const abi = libraries.map((path) => /\/libnode\.so\.(\d+)$/.exec(path)?.[1]).find((number) => number !== undefined);
  const major = abi === undefined ? undefined : majorOfAbi[abi];
  if (major !== undefined) return { major, minor: 0 };
  return (
    parsed(command.env.get("NODE_VERSION")) ??
    parsed(/^Package: nodejs\n(?:.+\n)*?Version: (\S+)/m.exec(textOf(catalog, "/var/lib/dpkg/status") ?? "")?.[1]) ??
    parsed(/^P:nodejs(?:-current)?\nV:(\S+)/m.exec(textOf(catalog, "/lib/apk/db/installed") ?? "")?.[1])
  );
}

function parsed(text: string | undefined): NodeVersion | undefined {
  const match = /^v?(?:\d+:)?(\d+)\.(\d+)/.exec(text ?? "");
  return match ? { major: Number(match[1]), minor: Number(match[2]) } : undefined;
}

/** Whether `require` takes ES modules and with it the condition `module-sync`: since 22.12 and 20.19; taken for granted when unknown. */
export function requiresModules(version: NodeVersion | undefined): boolean {
  if (!version) return true;
  const { major, minor } = version;
  return major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19);
}
