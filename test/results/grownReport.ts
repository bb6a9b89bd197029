import type { Report, ReportLayer } from "../../src/results/report.ts";
import { sampleReport } from "./reportSample.ts";

const [base, pip] = sampleReport.layers as readonly [ReportLayer, ReportLayer];
const [cudnn, torch] = sampleReport.packages as readonly [Report["packages"][number], Report["packages"][number]];

/** The sample's next version: another torch, another name of cuDNN, and a second model in a layer of its own. */
export const grownReport: Report = {
  ...sampleReport,
  image: {
    ...sampleReport.image,
    reference: "docker://localhost:5000/demo:next",
    digest: "sha256:1111111111111111",
    configDigest: "sha256:22",
  },
  totals: { files: 31_400, bytes: 7_910_000_000 },
  estimate: {
    ...sampleReport.estimate,
    openedFiles: { value: 2567, low: 2300, high: 2820 },
    wholeBytes: { value: 4_632_000_000, low: 4_500_000_000, high: 4_800_000_000 },
    pageBytes: { value: 219_600_000, low: 175_000_000, high: 285_000_000 },
    chunkBytes: { value: 936_600_000, low: 820_000_000, high: 1_200_000_000 },
    afterRequest: { ...sampleReport.estimate.afterRequest, pageBytes: { value: 1_141_600_000, low: 1_050_000_000, high: 1_300_000_000 } },
  },
  layers: [
    base,
    {
      ...pip,
      diffId: "sha256:ac",
      digest: "sha256:bc",
      blobSizeBytes: 2_800_000_000,
      createdBy: "RUN /bin/sh -c pip install --no-cache-dir torch==2.6.0 # buildkit",
      bytes: 6_928_000_000,
      pageBytes: 195_600_000,
    },
    {
      ...pip,
      index: 2,
      diffId: "sha256:ad",
      digest: "sha256:bd",
      blobSizeBytes: 500_000_000,
      createdBy: "/bin/sh -c #(nop) COPY dir:0a1b2c3d4e5f in /models ",
      files: 1,
      bytes: 900_000_000,
      openedFiles: 1,
      wholeBytes: 900_000_000,
      pageBytes: 20_000_000,
      chunkBytes: 24_000_000,
    },
  ],
  packages: [
    { ...cudnn, name: "nvidia-cudnn-cu13", bytes: 1_050_000_000 },
    { ...torch, version: "2.6.0", bytes: 1_760_000_000 },
  ],
  weights: [
    ...sampleReport.weights,
    {
      path: "/models/next.gguf",
      sizeBytes: 900_000_000,
      layerIndex: 2,
      format: "gguf",
      reading: "mapped",
      readyBytes: 20_000_000,
      requestBytes: 900_000_000,
      evidence: "serve.py:8 → Llama",
    },
  ],
};
