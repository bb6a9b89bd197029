import { formatBytes } from "../../src/base/format.ts";
import type { HostMethods, PanelState } from "../../src/protocol/messages.ts";
import { el, fill, visible } from "../dom.ts";
import { button, progressRing } from "../elements.ts";

type State<Kind extends PanelState["kind"]> = Extract<PanelState, { kind: Kind }>;

export function emptyView(host: HostMethods): HTMLElement {
  return el(
    "section",
    { class: "notice" },
    el("h1", {}, "No image yet"),
    el("p", {}, "Choose a container image to see which share of it a container touches at startup."),
    el("p", { class: "dim" }, "From a registry, a Docker or Podman engine, an OCI layout or a saved archive. Nothing is run."),
    el(
      "div",
      { class: "actions" },
      button("Choose image…", "primary", () => void host.chooseImage()),
    ),
  );
}

export function failedView(panel: State<"failed">, host: HostMethods): HTMLElement {
  const { failure } = panel;
  return el(
    "section",
    { class: "notice" },
    el("h1", {}, el("span", { class: "sign-error", "aria-hidden": "true" }, "✕ "), `${panel.imageName} could not be inspected`),
    el("p", { role: "alert" }, failure.isBug ? `This is a bug in Coldstart: ${failure.message}` : failure.message),
    failure.hint !== "" && el("p", {}, failure.hint),
    el(
      "div",
      { class: "actions" },
      button("Try again", "primary", () => void host.inspectAgain().catch(() => undefined)),
      button("Choose another image…", "secondary", () => void host.chooseImage()),
      button("Show log", "secondary", () => void host.showLog()),
    ),
  );
}

/** Drawn into the same elements while it counts, so that the button keeps its focus. */
export function loadingView(root: HTMLElement, panel: State<"loading">, host: HostMethods): void {
  const { progress } = panel;
  let text = root.querySelector<HTMLElement>("[data-loading]");
  if (!text) {
    text = el("p", { "data-loading": true });
    fill(
      root,
      el(
        "section",
        { class: "notice" },
        el("h1", {}),
        el("div", { class: "loading" }, progressRing(), text),
        el("progress", { max: 1, "aria-label": "Bytes of the image that were read" }),
        el(
          "div",
          { class: "actions" },
          button("Cancel", "secondary", () => void host.cancel()),
        ),
      ),
    );
  }
  const title = root.querySelector("h1");
  if (title) title.textContent = visible(`Reading ${panel.imageName}`);
  text.textContent = loadingText(progress);
  const bar = root.querySelector("progress");
  if (bar && progress.totalBytes > 0) bar.value = Math.min(1, progress.readBytes / progress.totalBytes);
}

function loadingText(progress: State<"loading">["progress"]): string {
  if (progress.layerCount === 0) return "Looking for the image…";
  const read =
    progress.totalBytes > 0 ? `${formatBytes(progress.readBytes)} of ${formatBytes(progress.totalBytes)}` : formatBytes(progress.readBytes);
  const from = progress.originLabel ? ` from ${progress.originLabel}` : "";
  return `${progress.layersDone} of ${progress.layerCount} layers, ${read}${from}`;
}
