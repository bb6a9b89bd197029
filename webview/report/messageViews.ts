import { formatBytes } from "../../src/base/format.ts";
import type { ReportMethods, ReportState } from "../../src/protocol/reportMessages.ts";
import { el } from "../dom.ts";
import { button, progressRing } from "../elements.ts";

type State<Kind extends ReportState["kind"]> = Extract<ReportState, { kind: Kind }>;

const quietly = (promise: Promise<unknown>): void => void promise.catch(() => undefined);

/** Each state without a report says what to do next. */
export function messageView(report: State<"empty" | "loading" | "failed" | "newer">, host: ReportMethods): HTMLElement {
  switch (report.kind) {
    case "empty":
      return notice(
        "No report yet",
        [
          el("p", {}, "Run a benchmark to see where the time goes before a container is ready, stage by stage."),
          el("p", { class: "dim" }, "Reports are *.coldstart.json files; the command line and this extension write the same."),
        ],
        [
          button("Benchmark cold start…", "primary", () => quietly(host.startBenchmark())),
          button("Open a report…", "secondary", () => quietly(host.chooseReport())),
        ],
      );
    case "loading": {
      const progress = el("progress", {
        max: 1,
        "aria-label": "Bytes of the report that were read",
        ...(report.totalBytes > 0 && { value: report.readBytes / report.totalBytes }),
      });
      const text = report.totalBytes > 0 ? `${formatBytes(report.readBytes)} of ${formatBytes(report.totalBytes)}` : "Reading the report…";
      return notice(
        `Reading ${report.name}`,
        [el("div", { class: "loading" }, progressRing("Reading the report"), el("p", {}, text)), progress],
        [],
      );
    }
    case "failed": {
      const { failure, name } = report;
      return notice(
        `${name} cannot be shown`,
        [
          el("p", { role: "alert" }, failure.isBug ? `This is a bug in Coldstart: ${failure.message}` : failure.message),
          failure.hint !== "" ? el("p", {}, failure.hint) : el("p"),
        ],
        [
          button("Read it again", "primary", () => quietly(host.readAgain())),
          button("Open another report…", "secondary", () => quietly(host.chooseReport())),
          button("Show log", "secondary", () => quietly(host.showLog())),
        ],
        true,
      );
    }
    case "newer":
      return notice(
        `${report.name} is newer than this Coldstart`,
        [
          el(
            "p",
            {},
            `It was written in version ${report.foundVersion} of the form; this one reads up to version ${report.knownVersion}. Nothing of it is shown, because a number might mean something else by now.`,
          ),
          el("p", {}, "Update the extension, or open the report with the version that wrote it."),
        ],
        [button("Open another report…", "secondary", () => quietly(host.chooseReport()))],
      );
  }
}

function notice(title: string, body: readonly HTMLElement[], actions: readonly HTMLElement[], isError = false): HTMLElement {
  return el(
    "section",
    { class: "notice" },
    el("h1", {}, isError && el("span", { class: "sign-error", "aria-hidden": "true" }, "✕ "), title),
    ...body,
    actions.length > 0 && el("div", { class: "actions" }, ...actions),
  );
}
