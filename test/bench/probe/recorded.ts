import { readFileSync } from "node:fs";
import { imageLayersOf, type ImageLayers } from "../../../src/bench/probe/imageLayers.ts";
import { parseNodeReport, type NodeReport } from "../../../src/bench/probe/nodeReport.ts";

/**
 * What the probe's scripts printed on the test cluster (containerd 2.4.2, stargz 0.19.1, SOCI 0.14.0, nydus 0.16.1), for `py-httpserver` of the corpus in
 * its forms: one run of four arms in the order nydus, soci, stargz, overlayfs on 2026-11-28, node-b. `cool-X` is what the node was like before X's trial.
 */
export function recorded(name: string): string {
  return readFileSync(`test/fixtures/probe/${name}.txt`, "utf8");
}

export function report(name: string): NodeReport {
  return parseNodeReport(recorded(name));
}

export const sociImage = "127.0.0.1:15555/py-httpserver:soci";

/** SOCI's form has the layers of the plain one. */
export function sociLayers(): ImageLayers {
  const layers = imageLayersOf(report("describe-soci"), sociImage);
  if (!layers) throw new Error("The recorded image has no layers.");
  return layers;
}
