/**
 * The panel in a plain browser, for designing and for screenshots: `npm run dev:webview`, then
 * `?scenario=image&theme=vscode-dark`. Scenarios are in `scenarios.ts`.
 */
import { callHost } from "../../src/protocol/callHost.ts";
import type { Frame } from "../../src/protocol/frames.ts";
import { servePanel } from "../../src/protocol/servePanel.ts";
import { startPanel } from "../panel.ts";
import { scenarioHost } from "./scenarios.ts";
import { themeOf } from "./theme.ts";

const asked = new URLSearchParams(location.search);
themeOf(asked);

startPanel((onEvent) => {
  const link = callHost((frame) => void server.receive(structuredClone(frame)), onEvent);
  const server = servePanel(
    scenarioHost(asked.get("scenario") ?? "image", (state) => server.push("state", state)),
    (frame: Frame) => link.receive(structuredClone(frame)),
    { onInvalid: (message) => console.error("not of the protocol", message), onBug: (error) => console.error(error) },
  );
  return { link, savedState: undefined, save: () => undefined };
});
