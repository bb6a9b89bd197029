import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { containerTools, makeImage, type ContainerTools } from "../parts/images.ts";
import { temporaryFolder } from "../parts/process.ts";

/** An image from scratch of two small layers, in a storage of its own. */
export async function makeTiny(): Promise<{ tools: ContainerTools; reference: string }> {
  const tools = containerTools();
  const reference = await makeImage(tools, "tiny:1", [
    { files: { "bin/hello": "#!/bin/sh\necho hello\n" }, executable: ["bin/hello"] },
    { files: { "data/numbers": "0123456789".repeat(20_000) }, entrypoint: ["/bin/hello"], env: { GREETING: "hello" } },
  ]);
  return { tools, reference };
}

/** A Docker config.json of its own, so that this machine's credentials play no part. */
export function dockerConfig(content: object = {}): string {
  const path = join(temporaryFolder("docker-config"), "config.json");
  writeFileSync(path, JSON.stringify(content));
  return path;
}

export function basicAuth(name: string, password: string): { auth: string } {
  return { auth: Buffer.from(`${name}:${password}`).toString("base64") };
}
