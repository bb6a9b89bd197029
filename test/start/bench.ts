import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { kubeconfigFile, probeImage, startCluster } from "../real/parts/cluster.ts";
import { must, temporaryFolder } from "../real/parts/process.ts";
import { work } from "../steps.ts";
import { coldstart } from "./coldstart.ts";

const imageName = "tickets";
const registry = "10.201.0.2:5000";
const trialsPerArm = 3;

/**
 * Benchmarks the sample image on a Kubernetes that is made on this machine: as it is, and in a form that is loaded lazily, with the files in
 * front that the estimate expects. Returns the report's path, and the plan in the workspace, which runs the same again; undefined when it failed.
 */
export async function benchmarkSample(
  workspace: string,
  layout: string,
  env: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  const folder = temporaryFolder("start-bench");
  const list = join(folder, "prioritized");
  await work("Kubernetes on this machine, with lazy snapshotters and a registry behind 200 Mbit/s", () => startCluster(1));
  const exported = await coldstart(
    "coldstart export, the files that startup is expected to open",
    ["export", layout, "--format", "estargz", "--output", list],
    { env, quiet: true },
  );
  if (exported.exitCode !== 0) return undefined;
  writeFileSync(list, readFileSync(list, "utf8").replaceAll(/^\//gm, ""));
  await work("sample image pushed to the cluster's registry, as gzip and as eStargz", () =>
    must(["test/cluster/images", "--layout", imageName, layout.replace(/^oci:/, ""), list]),
  );
  const plan = join(workspace, "tickets.coldstart.yaml");
  writeFileSync(plan, planText());
  const report = join(workspace, "tickets.coldstart.json");
  const consent = ["--yes", "--allow-privileged"];
  const places = ["--kubeconfig", kubeconfigFile, "--plain-http", registry, "--out", report];
  const benched = await coldstart(`coldstart bench ${plan}`, ["bench", plan, ...places, ...consent], { env });
  return benched.exitCode === 0 ? report : undefined;
}

function planText(): string {
  return `# How long the tickets service takes from nothing to its first answer, pulled whole and loaded lazily.
# Run it again with "Run This Plan" above, or with: coldstart bench tickets.coldstart.yaml
name: tickets
context: coldstart-test
arms:
  - name: overlayfs
    image: ${registry}/${imageName}:gzip
    runtimeClass: overlayfs
  - name: stargz
    image: ${registry}/${imageName}:estargz
    runtimeClass: stargz
ready: http:8080/health
gpus: 1
trials: ${trialsPerArm}
probeImage: ${probeImage}
`;
}
