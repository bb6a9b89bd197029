import type { PanelDocument, ReportState } from "../../src/protocol/reportMessages.ts";
import { el, fill } from "../dom.ts";
import { registerElements } from "../elements.ts";
import { benchHeader } from "./benchHeader.ts";
import { BootView } from "./bootView.ts";
import { CompareView } from "./compareView.ts";
import { ExportMenu } from "./exportMenu.ts";
import { ImageTab } from "./imageTab.ts";
import { LiveStrip } from "./liveStrip.ts";
import { messageView } from "./messageViews.ts";
import type { ConnectReport } from "./reportHost.ts";
import {
  documentOf,
  firstReportView,
  nextReportView,
  restoredReportView,
  savedReportView,
  tabsOf,
  type ReportViewEvent,
  type ReportViewState,
  type TabName,
} from "./reportState.ts";
import { SummaryView } from "./summaryView.ts";
import { tabId, Tabs } from "./tabs.ts";
import { TrialsView } from "./trialsView.ts";
import { WaterfallView } from "./waterfallView.ts";

/** Wires host, state and views. Every change goes through `dispatch`; only the tab in sight is drawn. */
export function startReportPage(connect: ConnectReport): void {
  registerElements();
  const root = document.querySelector("main");
  if (!root) throw new Error("the report's page has no <main>");
  root.classList.add("report");
  let state: ReportViewState = firstReportView;

  const dispatch = (event: ReportViewEvent): void => {
    const before = state;
    state = nextReportView(state, event);
    if (event.kind !== "progressed") link.save(savedReportView(state));
    render(before);
  };
  const link = connect((name, data) => {
    if (name === "state") dispatch({ kind: "pushed", report: data as ReportState });
    else if (state.report.kind === "running") dispatch({ kind: "progressed", current: data as never });
  });
  const { host } = link;

  const header = el("header");
  const live = new LiveStrip(host);
  const tabs = new Tabs((tab) => dispatch({ kind: "went", to: { tab } }));
  const exportMenu = new ExportMenu(host, link.isAlone);
  const bar = el("div", { class: "tab-bar" }, tabs.element, exportMenu.element);
  const panel = el("div", { id: "panel", role: "tabpanel", tabindex: 0 });
  const summary = new SummaryView(dispatch);
  const waterfall = new WaterfallView(host, dispatch, () => drawTab());
  const trials = new TrialsView(dispatch);
  const boot = new BootView(dispatch);
  const image = new ImageTab(host, link.isAlone, dispatch);
  const compare = new CompareView(host, dispatch);
  const bodies: Readonly<Record<TabName, HTMLElement>> = {
    summary: summary.element,
    waterfall: waterfall.element,
    trials: trials.element,
    boot: boot.element,
    image: image.element,
    compare: compare.element,
  };

  const drawTab = (): void => {
    const shown = documentOf(state.report);
    if (!shown) return;
    const body = bodies[state.tab];
    if (body.parentElement !== panel) {
      // What had the focus goes away with its tab.
      const hadFocus = panel.contains(document.activeElement);
      fill(panel, body);
      if (hadFocus) panel.focus({ preventScroll: true });
      if (bar.getBoundingClientRect().top < 0) bar.scrollIntoView();
    }
    panel.setAttribute("aria-labelledby", tabId(state.tab));
    drawBody(shown);
  };

  const drawBody = (shown: PanelDocument): void => {
    const { bench, boot: bootReport, image: panelImage } = shown;
    if (bench && state.tab === "summary") summary.update(shown, bench, state);
    if (bench && state.tab === "waterfall") waterfall.update(bench, state);
    if (bench && state.tab === "trials") trials.update(bench, state);
    if (bootReport && state.tab === "boot") boot.update(bootReport, state);
    if (panelImage && state.tab === "image") image.update(panelImage, state);
    if (state.tab === "compare") compare.update(state);
  };

  const render = (before: ReportViewState): void => {
    const { report } = state;
    root.dataset["state"] = report.kind;
    if (report.kind !== "running" && report.kind !== "ready") {
      fill(root, messageView(report, host));
      return;
    }
    const shown = documentOf(report);
    if (header.parentElement !== root) fill(root, header, live.element, bar, panel);
    live.element.hidden = report.kind !== "running";
    exportMenu.element.hidden = report.kind !== "ready";
    // What was picked to compare also tells where a new node comes in.
    if (report.kind === "ready" && state.compared.size > 0 && !link.isAlone) compare.list(state);
    if (shown) exportMenu.update(shown, state);
    if (report.kind === "running") live.update(report);
    // A mark of the trial in progress changes nothing else.
    const isProgressOnly =
      before.report !== report &&
      documentOf(before.report)?.bench === shown?.bench &&
      before.report.kind === report.kind &&
      report.kind === "running";
    if (isProgressOnly && before.tab === state.tab) return;
    if (before.report !== report || header.childElementCount === 0) updateHeader(report, shown);
    tabs.update(
      tabsOf(report).filter((tab) => tab !== "compare" || !link.isAlone),
      state.tab,
    );
    drawTab();
  };

  /** Left alone while it says the same, so that a badge keeps the focus through a run. */
  const updateHeader = (report: Extract<ReportState, { kind: "running" | "ready" }>, shown: PanelDocument | undefined): void => {
    const next = el("div", {}, ...headerNodes(report, shown));
    if (next.textContent !== header.textContent) header.replaceChildren(...next.childNodes);
  };

  const headerNodes = (report: Extract<ReportState, { kind: "running" | "ready" }>, shown: PanelDocument | undefined): Node[] =>
    shown?.bench ? benchHeader(report, shown.bench, dispatch) : [el("h1", {}, report.name)];

  state = restoredReportView(link.savedState);
  // Canvas colours are read from the theme when they are drawn; everything else follows by itself.
  new MutationObserver(() => {
    if (state.tab === "summary") summary.redraw();
    if (state.tab === "trials") trials.redraw();
  }).observe(document.body, { attributes: true, attributeFilter: ["class", "data-vscode-theme-id"] });
  void host.ready().then((report) => {
    dispatch({ kind: "pushed", report });
    // For measuring: when the first frame with the report is on its way to the screen.
    requestAnimationFrame(() => setTimeout(() => performance.mark("page-painted")));
  });
}
