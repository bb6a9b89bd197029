import type { PanelState } from "../src/protocol/messages.ts";
import type { ReportMeasure } from "../src/results/measureText.ts";
import type { FileQuery } from "../src/results/report.ts";

/** What the list of files shows; the window into it is the list's own. */
export type FileFilter = Pick<FileQuery, "search" | "touched" | "sort" | "layerIndex" | "package">;

/** Everything that the panel shows, and nothing else. The host owns `panel`; the rest is where the user is. */
export interface ViewState {
  readonly panel: PanelState;
  readonly measure: ReportMeasure;
  readonly openLayers: ReadonlySet<number>;
  /** `layerIndex manager name` of packages whose files are shown. */
  readonly openPackages: ReadonlySet<string>;
  readonly filter: FileFilter;
}

export type ViewEvent =
  | { readonly kind: "pushed"; readonly panel: PanelState }
  | { readonly kind: "measured"; readonly measure: ReportMeasure }
  | { readonly kind: "layerToggled"; readonly layerIndex: number }
  | { readonly kind: "packageToggled"; readonly key: string }
  | { readonly kind: "filtered"; readonly filter: FileFilter };

export const everyFile: FileFilter = { search: "", touched: "all", sort: "size" };

export const firstState: ViewState = {
  panel: { kind: "empty" },
  measure: "pageBytes",
  openLayers: new Set(),
  openPackages: new Set(),
  filter: everyFile,
};

/** The next state. Pure: the same state and event always give the same. */
export function next(state: ViewState, event: ViewEvent): ViewState {
  switch (event.kind) {
    case "pushed":
      return pushed(state, event.panel);
    case "measured":
      return { ...state, measure: event.measure };
    case "layerToggled":
      return { ...state, openLayers: toggled(state.openLayers, event.layerIndex) };
    case "packageToggled":
      return { ...state, openPackages: toggled(state.openPackages, event.key) };
    case "filtered":
      return { ...state, filter: event.filter };
  }
}

/** A new image starts afresh; the same one, estimated again, keeps what is open. */
function pushed(state: ViewState, panel: PanelState): ViewState {
  if (panel.kind !== "ready") return { ...state, panel };
  const isSame = "imageName" in state.panel && state.panel.imageName === panel.imageName;
  const openLayers = isSame ? state.openLayers : firstState.openLayers;
  return {
    panel,
    measure: panel.measure,
    openLayers: panel.selectedLayer === undefined ? openLayers : new Set([...openLayers, panel.selectedLayer]),
    openPackages: isSame ? state.openPackages : firstState.openPackages,
    filter: isSame ? state.filter : everyFile,
  };
}

function toggled<T>(set: ReadonlySet<T>, item: T): ReadonlySet<T> {
  const copy = new Set(set);
  if (!copy.delete(item)) copy.add(item);
  return copy;
}

/** What outlives the panel: VS Code keeps it, and hands it to the serializer and to the panel when they come back. */
export interface SavedState {
  readonly imageName?: string;
  readonly openLayers?: readonly number[];
  readonly openPackages?: readonly string[];
  readonly filter?: FileFilter;
}

export function saved(state: ViewState): SavedState {
  return {
    ...("imageName" in state.panel && { imageName: state.panel.imageName }),
    openLayers: [...state.openLayers],
    openPackages: [...state.openPackages],
    filter: state.filter,
  };
}

/** Where the user was; what does not look like it is left out. */
export function restored(value: unknown): ViewState {
  if (typeof value !== "object" || value === null) return firstState;
  const { imageName, openLayers, openPackages, filter } = value as SavedState;
  return {
    ...firstState,
    // Stands for the image until the host pushes its state, so that the push counts as the same image.
    ...(typeof imageName === "string" && {
      panel: { kind: "loading", imageName, progress: { layersDone: 0, layerCount: 0, readBytes: 0, totalBytes: 0 } },
    }),
    ...(Array.isArray(openLayers) && { openLayers: new Set(openLayers.filter((index) => Number.isInteger(index))) }),
    ...(Array.isArray(openPackages) && { openPackages: new Set(openPackages.filter((key) => typeof key === "string")) }),
    ...(typeof filter?.search === "string" && { filter: { ...everyFile, ...filter } }),
  };
}
