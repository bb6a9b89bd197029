import { expect, test } from "vitest";
import { InspectProgress, progressText } from "../../src/extension/inspectProgress.ts";
import type { InspectEvent } from "../../src/inspect/inspection.ts";

type Step = Exclude<InspectEvent, { kind: "done" }>;

const opened: Step = {
  kind: "opened",
  reference: "docker://x/demo:dev",
  originLabel: "registry x",
  layerCount: 3,
  blobSizeBytes: 3_000_000_000,
};
const layer = (layerIndex: number, state: "cached" | "reading" | "done", readBytes: number): Step => ({
  kind: "layer",
  layerIndex,
  state,
  readBytes,
  totalBytes: 1_000_000_000,
});

function check(steps: readonly Step[], expected: string): void {
  const progress = new InspectProgress();
  for (const step of steps) progress.add(step);
  expect(progressText(progress.snapshot)).toBe(expected);
}

test("progress in layers and bytes", () => {
  check([], "looking for the image");
  check([opened], "0 of 3 layers, 0 B of 3.0 GB");
  check([opened, layer(1, "reading", 200_000_000)], "0 of 3 layers, 200 MB of 3.0 GB");
  check([opened, layer(1, "reading", 200_000_000), layer(1, "reading", 400_000_000)], "0 of 3 layers, 400 MB of 3.0 GB");
  check([opened, layer(0, "cached", 0), layer(1, "done", 1_000_000_000)], "2 of 3 layers, 2.0 GB of 3.0 GB");
  check([{ ...opened, blobSizeBytes: 0 }, layer(0, "reading", 5_000_000)], "0 of 3 layers, 5.0 MB");
});
