import { squashLayers } from "../../src/facts/squash.ts";
import type { LayerFacts } from "../../src/facts/layerFacts.ts";
import type { TarEntry } from "../../src/image/image.ts";
import type { Inspection } from "../../src/inspect/inspection.ts";
import { packagesOf } from "../../src/inspect/packages.ts";
import { readFact } from "../../src/facts/extractors.ts";
import type { FileFact } from "../../src/facts/fileFact.ts";
import type { StartupFile } from "../../src/startup/startupSet.ts";
import { smallInspection } from "../results/fakeInspection.ts";

/** A path of a layer: its size in megabytes, or its content; `whiteout` and `opaque` hide what lies below. */
export type LayerFile = number | string | { readonly hardlink: string } | { readonly weights: number; readonly crc32: number };

export interface TestLayer {
  readonly createdBy: string;
  readonly files: Readonly<Record<string, LayerFile>>;
}

const megabyte = 1_000_000;

/** An inspection of layers that are written down as tables; sizes in megabytes. `opened` are the files that startup reads whole. */
export function layeredInspection(layers: readonly TestLayer[], opened: readonly string[] = []): Inspection {
  const layerFacts = layers.map(layerFactsOf);
  const catalog = squashLayers(layerFacts);
  const files = opened.map((path, order): StartupFile => {
    const { sizeBytes, layerIndex } = catalog.file(path) ?? { sizeBytes: 0, layerIndex: 0 };
    const common = { path, sizeBytes, layerIndex, probability: 1, rule: "test", evidence: "", order };
    return { ...common, moment: "ready", pageBytes: sizeBytes, requestPageBytes: sizeBytes };
  });
  const small = smallInspection();
  const [layer] = small.image.layers;
  if (!layer) throw new Error("the small inspection has a layer");
  return {
    ...small,
    catalog,
    layerFacts,
    packages: packagesOf(catalog),
    image: {
      ...small.image,
      config: { ...small.image.config, history: layers.map(({ createdBy }) => ({ createdBy, comment: "", emptyLayer: false })) },
      layers: layers.map((_, index) => ({ ...layer, index })),
    },
    estimate: { ...small.estimate, files, totals: { files: catalog.fileCount, bytes: catalog.totalSizeBytes } },
  };
}

function layerFactsOf({ files }: TestLayer): LayerFacts {
  const facts = new Map<number, FileFact>();
  const entries = Object.entries(files).map(([path, file], index): TarEntry => {
    const common = { path, mode: 0o644, mtimeEpochS: 0, sizeBytes: 0 };
    if (file === "whiteout" || file === "opaque") return { ...common, type: file };
    if (typeof file === "number") return { ...common, type: "file", sizeBytes: file * megabyte };
    if (typeof file === "object" && "weights" in file) {
      facts.set(index, { kind: "weights", crc32: file.crc32 });
      return { ...common, type: "file", sizeBytes: file.weights * megabyte };
    }
    if (typeof file === "object") return { ...common, type: "hardlink", linkTarget: file.hardlink };
    const entry: TarEntry = { ...common, type: "file", sizeBytes: file.length };
    const fact = readFact(entry, new TextEncoder().encode(file));
    if (fact) facts.set(index, fact);
    return entry;
  });
  return {
    diffId: "sha256:0",
    tarSizeBytes: 0,
    entries,
    fact: (entryIndex) => facts.get(entryIndex),
    basis: "contents",
    isPending: () => false,
    problems: [],
  };
}
