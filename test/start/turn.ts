import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { orphanEnder, orphanEnderPid } from "../real/parts/orphans.ts";
import { poll } from "../real/parts/process.ts";

/** Who has the turn: the process itself, and the one that ends what it leaves behind. */
interface Turn {
  readonly pid: number;
  readonly enderPid: number | undefined;
}

/**
 * One `npm start` at a time on a cache: two would share registry, cluster and workspace, and each would end them under the other. One that was
 * killed is waited for until nothing of it runs. Throws when another one runs. The turn ends with this process. Returns whether one was killed.
 */
export async function takeTurn(file: string): Promise<boolean> {
  const wasLeft = existsSync(file);
  const other = read(file);
  if (other && isProcess(other.pid, "test/start.ts"))
    throw new Error(`Another npm start runs here (process ${other.pid}): use that one, or end it with Ctrl+C, or with kill ${other.pid}.`);
  const ender = other?.enderPid;
  if (ender !== undefined && isProcess(ender, orphanEnder)) {
    console.log("An npm start that was killed still ends what it began: waiting for it.");
    await poll("the end of an npm start that was killed", async () => !isProcess(ender, orphanEnder), 60_000);
  }
  writeFileSync(file, JSON.stringify({ pid: process.pid, enderPid: orphanEnderPid() } satisfies Turn));
  process.on("exit", () => rmSync(file, { force: true }));
  return wasLeft;
}

function read(file: string): Turn | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Turn;
  } catch {
    return undefined; // it was killed while it wrote
  }
}

/** Whether a process with this number runs and has this word in its command: a number alone may belong to another one by now. */
function isProcess(pid: number, word: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(word);
  } catch {
    return false;
  }
}
