import { existsSync } from "node:fs";
import { join } from "node:path";
import { keptFolder } from "../real/parts/cache.ts";
import { must } from "../real/parts/process.ts";

/** Tools that we are measured against, built with Go from their sources. */
export const peerModules = {
  crane: "github.com/google/go-containerregistry/cmd/crane@v0.20.2",
  dive: "github.com/wagoodman/dive@v0.12.0",
  syft: "github.com/anchore/syft/cmd/syft@v1.20.0",
} as const;

export type PeerName = keyof typeof peerModules;

/** Path of the tool's program; built at first use, which takes minutes. */
export async function peer(name: PeerName): Promise<string> {
  const folder = keptFolder("peers");
  const program = join(folder, name);
  if (existsSync(program)) return program;
  console.error(`Building ${peerModules[name]} …`);
  await must(["nice", "go", "install", peerModules[name]], {
    env: { GOBIN: folder, CGO_ENABLED: "0" },
    timeoutMs: 1_800_000,
  });
  return program;
}
