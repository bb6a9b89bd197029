import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { codeServerFolder } from "../real/parts/codeServer.ts";
import { run } from "../real/parts/process.ts";
import { lookForFolders, lookForKept, lookForSources } from "./kept.ts";
import { codeServerSource, codeServerSpace, sourceNeeds, spaceNeeds, type SourceNeed, type SpaceNeed } from "./needs.ts";
import { unreached } from "./reach.ts";
import { diskOf, shortOfSpace } from "./space.ts";

/** What would stop the job later, each with what to do: taken ports, too little room, no way to where missing parts come from. Empty: go on. */
export async function preflight(): Promise<readonly string[]> {
  const unwritable = temporaryProblem();
  if (unwritable) return [unwritable];
  const cluster = await run(["test/cluster/up", "--check"]);
  const problems = cluster.exitCode === 0 ? [] : [cluster.stderr.trim().replace(/^cluster: /, "")];
  const folders = await lookForFolders();
  const kept = await lookForKept(folders);
  return [...problems, ...(await lacking(spaceNeeds(kept, folders), sourceNeeds(kept, await lookForSources())))];
}

/** The same for VS Code in the browser alone. */
export async function codeServerProblems(): Promise<readonly string[]> {
  if (existsSync(codeServerFolder)) return [];
  return lacking(codeServerSpace(await lookForFolders()), [codeServerSource(await lookForSources())]);
}

async function lacking(space: readonly SpaceNeed[], sources: readonly SourceNeed[]): Promise<readonly string[]> {
  const problems = [...shortOfSpace(space, diskOf)];
  if (problems.length > 0) problems.push("Free that room, or name a cache on a larger disk: COLDSTART_TEST_CACHE=/folder npm start");
  const silent = await unreached(sources);
  if (silent.length > 0) problems.push(...silent, "Check the network, and HTTPS_PROXY if this machine needs a proxy.");
  return problems;
}

function temporaryProblem(): string | undefined {
  try {
    const folder = mkdtempSync(join(tmpdir(), "coldstart-room-"));
    try {
      writeFileSync(join(folder, "room"), Buffer.alloc(1e6));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    return undefined;
  } catch (error) {
    return `Nothing can be written to the folder for temporary files, ${tmpdir()} (${(error as NodeJS.ErrnoException).code}): make room there, or set TMPDIR to another folder.`;
  }
}
