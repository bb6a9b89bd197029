import type { Inspection } from "../../src/inspect/inspection.ts";
import type { StartupFile } from "../../src/startup/startupSet.ts";
import { memoryCatalog } from "../fakes/memoryCatalog.ts";

/** An inspection of a four-file image, put together by hand so that every sum can be checked by eye. */
export function smallInspection(): Inspection {
  const catalog = memoryCatalog({
    "/app/serve.py": { sizeBytes: 1000 },
    "/lib/big.so": { sizeBytes: 9_000_000 },
    "/lib/unused.a": { sizeBytes: 20_000_000 },
    "/usr/share/doc/README": { sizeBytes: 500 },
  });
  const files: readonly StartupFile[] = [
    {
      path: "/app/serve.py",
      sizeBytes: 1000,
      layerIndex: 0,
      probability: 1,
      rule: "py-script",
      evidence: "ENTRYPOINT",
      moment: "ready",
      order: 0,
      pageBytes: 1000,
      requestPageBytes: 1000,
    },
    {
      path: "/lib/big.so",
      sizeBytes: 9_000_000,
      layerIndex: 0,
      probability: 0.9,
      rule: "elf",
      evidence: "needed by serve.py",
      moment: "ready",
      order: 1,
      pageBytes: 400_000,
      requestPageBytes: 400_000,
    },
  ];
  const exactly = (value: number): { value: number; low: number; high: number } => ({ value, low: value, high: value });
  return {
    image: {
      reference: "oci:/images:demo",
      origin: "oci",
      originLabel: "OCI layout /images",
      configDigest: "sha256:c0",
      platform: { os: "linux", architecture: "arm64", variant: "v8" },
      config: {
        entrypoint: ["python3", "/app/serve.py"],
        cmd: [],
        env: [],
        workingDir: "",
        user: "",
        labels: {},
        history: [
          { createdBy: "ENV A=1", comment: "", emptyLayer: true },
          { createdBy: "COPY . /", comment: "", emptyLayer: false },
        ],
        onBuild: [],
      },
      layers: [
        { index: 0, diffId: "sha256:d0", mediaType: "", annotations: {}, source: { kind: "file", path: "/x", offset: 0, sizeBytes: 1 } },
      ],
    },
    catalog,
    layerFacts: [],
    settings: undefined as never,
    question: undefined as never,
    estimate: {
      totals: { files: 4, bytes: 29_001_500 },
      measures: { openedFiles: exactly(2), wholeBytes: exactly(9_001_000), pageBytes: exactly(401_000), chunkBytes: exactly(9_001_000) },
      afterRequest: {
        openedFiles: exactly(2),
        wholeBytes: exactly(9_001_000),
        pageBytes: exactly(401_000),
        chunkBytes: exactly(9_001_000),
      },
      requestFiles: [],
      weights: [],
      chunkSizeBytes: 4_194_304,
      confidence: "high",
      flags: [],
      commands: [{ argv: ["python3", "/app/serve.py"], probability: 1 }],
      layers: [
        { layerIndex: 0, files: 4, bytes: 29_001_500, openedFiles: 2, wholeBytes: 9_001_000, pageBytes: 401_000, chunkBytes: 9_001_000 },
      ],
      files,
    },
    packages: [
      { manager: "dpkg", name: "doc", version: "1", paths: ["/usr/share/doc/README"] },
      { manager: "pip", name: "big", version: "2.0", paths: ["/lib/big.so", "/lib/unused.a", "/lib/gone.so"] },
    ],
    inspectedAtEpochMs: 0,
    problems: [],
  };
}
