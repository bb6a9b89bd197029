/**
 * The report's page in a plain browser, for designing and for screenshots: `npm run dev:webview`, then
 * `report.html?scenario=arms&theme=vscode-dark&tab=waterfall`. Scenarios are in `reportScenarios.ts`.
 */
import { callReportHost } from "../../src/protocol/callReportHost.ts";
import { serveReport } from "../../src/protocol/serveReport.ts";
import { startReportPage } from "../report/reportPage.ts";
import { reportScenario } from "./reportScenarios.ts";
import { themeOf } from "./theme.ts";

const asked = new URLSearchParams(location.search);
themeOf(asked);
// What VS Code would have kept: any part of the page can be opened by its address.
const savedState = {
  ...Object.fromEntries([...asked].map(([name, value]) => [name, /^\d+$/.test(value) && name !== "trialId" ? Number(value) : value])),
  openTables: asked.get("openTables")?.split(",") ?? [],
  compared: asked.get("compared")?.split(",") ?? [],
};
const scenario = reportScenario(asked.get("scenario") ?? "arms");

// For measuring how soon a mark is in sight.
new MutationObserver(() => requestAnimationFrame(() => performance.mark("live-drawn"))).observe(document.body, {
  childList: true,
  subtree: true,
});
performance.mark("page-starts");
startReportPage((onEvent) => {
  const link = callReportHost((frame) => void server.receive(structuredClone(frame)), onEvent);
  const server = serveReport(scenario.host, (frame) => link.receive(structuredClone(frame)), {
    onInvalid: (message) => console.error("not of the protocol", message),
    onBug: (error) => console.error(error),
  });
  scenario.play?.(server);
  return { host: link.host, savedState, save: () => undefined, isAlone: false };
});
