import type { CurrentTrial, HistoryEntry, PanelBench, PanelDocument, ReportState } from "../../src/protocol/reportMessages.ts";
import { everyFile, type FileFilter } from "../state.ts";

export const tabNames = ["summary", "waterfall", "trials", "boot", "image", "compare"] as const;
export type TabName = (typeof tabNames)[number];

export const trialFilters = ["all", "counted", "set-aside", "failed"] as const;
/** `set-aside`: ready, but warm, fallen back or otherwise not comparable. */
export type TrialFilter = (typeof trialFilters)[number];

export const trialOrders = ["order", "slowest", "fastest"] as const;
export type TrialOrder = (typeof trialOrders)[number];

/** Everything that the page shows, and nothing else. The host owns `report`; the rest is where the user is. */
export interface ReportViewState {
  readonly report: ReportState;
  readonly tab: TabName;
  /** The trial of the waterfall; absent: the one nearest the median of `arm`. */
  readonly trialId?: string | undefined;
  /** Absent: the first arm with a time. */
  readonly arm?: string | undefined;
  readonly overlay: Overlay;
  readonly filter: TrialFilter;
  readonly order: TrialOrder;
  /** The arm of the gain ladder; absent: the first that is compared. */
  readonly gainArm?: string | undefined;
  /** How many times as long the application starts with the arm; absent: as measured. */
  readonly slowdown?: number | undefined;
  /** How long a new node takes; absent: as measured, or else as assumed. */
  readonly provisioningMs?: number | undefined;
  /** Table twins that are shown. */
  readonly openTables: ReadonlySet<string>;
  readonly boot: number;
  /** Of the image's files. */
  readonly files: FileFilter;
  /** Reports of the history that are compared with this one, by their ids. */
  readonly compared: ReadonlySet<string>;
  /** The saved reports of the workspace; absent: not asked for yet. */
  readonly history?: readonly HistoryEntry[] | undefined;
}

/** What lies over the waterfall: nothing, each other arm's median trial, or the picked arm's fastest and slowest trial. */
export const overlays = ["none", "arms", "extremes"] as const;
export type Overlay = (typeof overlays)[number];

export type ReportViewEvent =
  | { readonly kind: "pushed"; readonly report: ReportState }
  | { readonly kind: "progressed"; readonly current: readonly CurrentTrial[] }
  | { readonly kind: "tableToggled"; readonly table: string }
  | { readonly kind: "comparedToggled"; readonly id: string }
  | { readonly kind: "historyRead"; readonly entries: readonly HistoryEntry[] }
  | { readonly kind: "went"; readonly to: Partial<Omit<ReportViewState, "report" | "openTables" | "compared" | "history">> };

export const firstReportView: ReportViewState = {
  report: { kind: "empty" },
  tab: "summary",
  overlay: "none",
  filter: "all",
  order: "order",
  openTables: new Set(),
  boot: 0,
  files: everyFile,
  compared: new Set(),
};

/** The next state. Pure: the same state and event always give the same. */
export function nextReportView(state: ReportViewState, event: ReportViewEvent): ReportViewState {
  switch (event.kind) {
    case "pushed": {
      // Other reports may have come since the file was last read.
      const history = event.report.kind === "ready" ? undefined : state.history;
      const next = { ...state, report: event.report, history };
      const tabs = tabsOf(event.report);
      return tabs.length === 0 || tabs.includes(next.tab) ? next : { ...next, tab: tabs[0] ?? "summary" };
    }
    case "progressed":
      return state.report.kind === "running" ? { ...state, report: { ...state.report, current: event.current } } : state;
    case "tableToggled":
      return { ...state, openTables: toggled(state.openTables, event.table) };
    case "comparedToggled":
      return { ...state, compared: toggled(state.compared, event.id) };
    case "historyRead":
      return { ...state, history: event.entries };
    case "went":
      return { ...state, ...event.to };
  }
}

/** What there is to show tabs of; undefined in the states that are one message. */
export function documentOf(report: ReportState): PanelDocument | undefined {
  if (report.kind === "running") return { bench: report.bench, charts: [] };
  return report.kind === "ready" ? report.document : undefined;
}

export function tabsOf(report: ReportState): readonly TabName[] {
  const document = documentOf(report);
  if (!document) return [];
  return [
    ...(document.bench ? (["summary", "waterfall", "trials"] as const) : []),
    ...(document.boot ? (["boot"] as const) : []),
    ...(document.image ? (["image"] as const) : []),
    ...(report.kind === "ready" && (document.bench || document.boot || document.image) ? (["compare"] as const) : []),
  ];
}

/** The trial that the waterfall shows: the one picked, or else the one nearest the median of the arm; undefined: no trial came so far. */
export function shownTrialId(state: ReportViewState, bench: PanelBench): string | undefined {
  if (state.trialId !== undefined && bench.trials.some(({ id }) => id === state.trialId)) return state.trialId;
  const arm = shownArm(state, bench);
  const nearest = bench.summary.arms.find((one) => one.arm === arm)?.nearestTrialId;
  return nearest ?? bench.trials.find((trial) => trial.arm === arm)?.id ?? bench.trials[0]?.id;
}

export function shownArm(state: ReportViewState, bench: PanelBench): string | undefined {
  const { arms } = bench.summary;
  const picked = bench.trials.find(({ id }) => id === state.trialId)?.arm ?? state.arm;
  const known = arms.find(({ arm }) => arm === picked) ?? arms.find(({ nearestTrialId }) => nearestTrialId !== undefined) ?? arms[0];
  return known?.arm;
}

function toggled<T>(set: ReadonlySet<T>, item: T): ReadonlySet<T> {
  const copy = new Set(set);
  if (!copy.delete(item)) copy.add(item);
  return copy;
}

/** What outlives the page. */
export function savedReportView(state: ReportViewState): unknown {
  const { report, openTables, compared, ...place } = state;
  return {
    ...place,
    history: undefined,
    openTables: [...openTables],
    compared: [...compared],
    ...("name" in report && { name: report.name }),
  };
}

/** Where the user was; what does not look like it is left out. */
export function restoredReportView(value: unknown): ReportViewState {
  if (typeof value !== "object" || value === null) return firstReportView;
  const kept = value as Readonly<Record<string, unknown>>;
  const text = (name: string): string | undefined => (typeof kept[name] === "string" ? kept[name] : undefined);
  const amount = (name: string): number | undefined => (Number.isFinite(kept[name]) ? (kept[name] as number) : undefined);
  const texts = (name: string): ReadonlySet<string> =>
    new Set(Array.isArray(kept[name]) ? kept[name].filter((one) => typeof one === "string") : []);
  return {
    ...firstReportView,
    tab: oneOf(tabNames, kept["tab"]) ?? firstReportView.tab,
    overlay: oneOf(overlays, kept["overlay"]) ?? firstReportView.overlay,
    filter: oneOf(trialFilters, kept["filter"]) ?? firstReportView.filter,
    order: oneOf(trialOrders, kept["order"]) ?? firstReportView.order,
    trialId: text("trialId"),
    arm: text("arm"),
    gainArm: text("gainArm"),
    slowdown: amount("slowdown"),
    provisioningMs: notNegative(amount("provisioningMs")),
    boot: Math.max(0, Math.floor(amount("boot") ?? 0)),
    openTables: texts("openTables"),
    compared: texts("compared"),
  };
}

function notNegative(amount: number | undefined): number | undefined {
  return amount === undefined || amount < 0 ? undefined : amount;
}

function oneOf<T extends string>(values: readonly T[], value: unknown): T | undefined {
  return values.find((one) => one === value);
}
