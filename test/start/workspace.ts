import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { keptFolder } from "../real/parts/cache.ts";
import { sampleFolder } from "../real/parts/sampleImage.ts";

/** Where `test/sample/compose.yaml` says that the image is. */
export const samplePort = 5087;

/** The workspace is a copy, new at each start, so that edits stay out of the checkout. */
export function copyOfSample(port = samplePort): string {
  const workspace = join(keptFolder(), "tickets");
  rmSync(workspace, { recursive: true, force: true });
  cpSync(sampleFolder, workspace, { recursive: true });
  const compose = join(workspace, "compose.yaml");
  writeFileSync(compose, readFileSync(compose, "utf8").replace(`:${samplePort}/`, `:${port}/`));
  return workspace;
}

export function aboutCopy(workspace: string): string {
  return `Open the Dockerfile, the plan and the reports there. ${workspace} is a copy: edit it as you like.`;
}
