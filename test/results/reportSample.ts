import type { Report } from "../../src/results/report.ts";

/**
 * A small but complete report, for golden texts. The figures are those of the image `hf-transformers` of the corpus (8.3 % of 30,920
 * files, 2.9 % of pages), its lists cut to a few rows.
 */
export const sampleReport: Report = {
  schemaVersion: 1,
  createdAtEpochMs: 1_795_000_000_000,
  image: {
    reference: "docker://localhost:5000/demo:dev",
    digest: "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    configDigest: "sha256:60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
    platform: "linux/amd64",
    origin: "registry",
    originLabel: "registry localhost:5000",
  },
  totals: { files: 30_920, bytes: 6_710_000_000 },
  estimate: {
    openedFiles: { value: 2566, low: 2300, high: 2810 },
    wholeBytes: { value: 3_731_000_000, low: 3_600_000_000, high: 3_900_000_000 },
    pageBytes: { value: 194_600_000, low: 150_000_000, high: 260_000_000 },
    chunkBytes: { value: 912_600_000, low: 800_000_000, high: 1_100_000_000 },
    chunkSizeBytes: 4_194_304,
    confidence: "medium",
    flags: [
      { code: "spawned-process", message: "serve.py starts a process from code (subprocess.run, line 40); what it reads is not counted." },
    ],
    commands: [
      { argv: ["./docker-entrypoint.sh", "--model", "/models/tiny-llama"], executable: "/home/app/docker-entrypoint.sh", probability: 1 },
      { argv: ["python", "serve.py", "--model", "/models/tiny-llama"], executable: "/usr/local/bin/python3.11", probability: 0.95 },
    ],
  },
  layers: [
    {
      index: 0,
      diffId: "sha256:aa",
      digest: "sha256:ba",
      blobSizeBytes: 28_000_000,
      createdBy: "ADD rootfs.tar /",
      files: 3200,
      bytes: 82_000_000,
      openedFiles: 40,
      wholeBytes: 12_000_000,
      pageBytes: 4_000_000,
      chunkBytes: 12_000_000,
    },
    {
      index: 1,
      diffId: "sha256:ab",
      digest: "sha256:bb",
      blobSizeBytes: 2_700_000_000,
      createdBy: "RUN /bin/sh -c pip install --no-cache-dir torch==2.5.1 # buildkit",
      files: 27_720,
      bytes: 6_628_000_000,
      openedFiles: 2526,
      wholeBytes: 3_719_000_000,
      pageBytes: 190_600_000,
      chunkBytes: 900_600_000,
    },
  ],
  packages: [
    {
      manager: "pip",
      name: "nvidia-cudnn-cu12",
      version: "9.1.0.70",
      layerIndex: 1,
      files: 40,
      bytes: 1_074_000_000,
      openedFiles: 1,
      wholeBytes: 105_000,
      pageBytes: 105_000,
    },
    {
      manager: "pip",
      name: "torch",
      version: "2.5.1",
      layerIndex: 1,
      files: 11_000,
      bytes: 1_500_000_000,
      openedFiles: 900,
      wholeBytes: 1_400_000_000,
      pageBytes: 60_000_000,
    },
  ],
  files: [
    {
      path: "/home/app/serve.py",
      sizeBytes: 1800,
      layerIndex: 1,
      probability: 0.95,
      rule: "py-script",
      evidence: "docker-entrypoint.sh:12 → python serve.py",
      pageBytes: 4096,
    },
    {
      path: "/usr/local/lib/python3.11/site-packages/torch/lib/libtorch_cuda.so",
      sizeBytes: 900_000_000,
      layerIndex: 1,
      probability: 0.93,
      rule: "elf-ext-dep",
      evidence: "needed by torch/_C.cpython-311-x86_64-linux-gnu.so",
      pageBytes: 17_400_000,
    },
  ],
  problems: [{ severity: "warning", message: "Layer 2: 1 entry leaves the image root and is ignored: ../../etc/shadow\u001b[31m" }],
};
