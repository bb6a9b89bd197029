import type { HostMethods, PanelState } from "../../src/protocol/messages.ts";
import type { FilePage, FileQuery, FileRow } from "../../src/results/report.ts";
import { sampleFiles, sampleReport, sampleTraced } from "./sampleImage.ts";

/** A host that plays one situation: `image`, `many`, `edited`, `traced`, `hostile`, `small`, `loading`, `failed`, `bug`, `empty`. */
export function scenarioHost(name: string, push: (state: PanelState) => void): HostMethods {
  const files = sampleFiles(name === "many" ? 100_000 : 30_920);
  const state = stateOf(name, files);
  return {
    ready: async () => state,
    files: async (query) => page(name === "small" ? [] : files, query),
    setMeasure: async () => undefined,
    inspectAgain: async () => push(stateOf("loading", files)),
    cancel: async () => push({ kind: "empty" }),
    showLog: async () => console.info("The log would be shown."),
    chooseImage: async () => push(stateOf("image", files)),
    compareTrace: async () => push(stateOf("traced", files)),
    savePrefetchList: async () => console.info("A format and a place would be asked for."),
    forgetTrace: async () => push(stateOf("image", files)),
  };
}

function stateOf(name: string, files: readonly FileRow[]): PanelState {
  switch (name) {
    case "empty":
      return { kind: "empty" };
    case "loading":
      return {
        kind: "loading",
        imageName: "demo:dev",
        progress: {
          originLabel: "registry localhost:5000",
          layersDone: 3,
          layerCount: 8,
          readBytes: 1_240_000_000,
          totalBytes: 3_400_000_000,
        },
      };
    case "failed":
      return {
        kind: "failed",
        imageName: "registry.example.com/team/demo:dev",
        failure: {
          code: "registry-unauthorized",
          message: "registry.example.com refused the user name or password for team/demo.",
          hint: "Log in with: docker login registry.example.com",
          isBug: false,
        },
      };
    case "bug":
      return {
        kind: "failed",
        imageName: "demo:dev",
        failure: { code: "bug", message: "Cannot read properties of undefined (reading 'layers')", hint: "", isBug: true },
      };
    default:
      return {
        kind: "ready",
        imageName: name === "hostile" ? "<img src=x onerror=alert(1)>:\u202egpj.exe" : "demo:dev",
        report: { ...sampleReport(files, name), ...(name === "traced" && { traced: sampleTraced() }) },
        ...(name === "traced" && { traceName: "start.record.json" }),
        inspectedAtEpochMs: Date.now() - 130_000,
        measure: "pageBytes",
        edited: name === "edited",
        ...(name === "edited" && { selectedLayer: 5 }),
      };
  }
}

const lastQuery: { key: string; files: readonly FileRow[] } = { key: "", files: [] };

function page(files: readonly FileRow[], query: FileQuery): FilePage {
  const key = JSON.stringify([files.length, { ...query, offset: 0, limit: 0 }]);
  if (lastQuery.key !== key) Object.assign(lastQuery, { key, files: matching(files, query) });
  const found = lastQuery.files;
  return {
    total: found.length,
    totalBytes: found.reduce((sum, file) => sum + file.sizeBytes, 0),
    rows: found.slice(query.offset, query.offset + query.limit),
  };
}

function filterOf({ opened }: FileRow): FileQuery["touched"] {
  if (!opened) return "untouched";
  return opened.moment === "ready" ? "touched" : "request";
}

function matching(files: readonly FileRow[], query: FileQuery): FileRow[] {
  const words = query.search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = files.filter(
    (file) =>
      (query.touched === "all" || query.touched === filterOf(file)) &&
      (query.layerIndex === undefined || file.layerIndex === query.layerIndex) &&
      (query.package === undefined || file.package === query.package || file.package?.startsWith(`${query.package} `) === true) &&
      words.every((word) => `${file.path} ${file.package ?? ""}`.toLowerCase().includes(word)),
  );
  return found.sort((a, b) => (query.sort === "size" ? b.sizeBytes - a.sizeBytes : 0) || (a.path < b.path ? -1 : 1));
}
