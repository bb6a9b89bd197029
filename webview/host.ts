import { callHost, type HostLink } from "../src/protocol/callHost.ts";
import type { Frame } from "../src/protocol/frames.ts";
import type { HostEvents } from "../src/protocol/messages.ts";
import { vsCodeApi } from "./vsCodeApi.ts";

export interface PanelHost {
  readonly link: HostLink;
  /** What the panel kept of itself when it was hidden or VS Code was closed. */
  readonly savedState: unknown;
  save(state: unknown): void;
}

type OnEvent = <Name extends keyof HostEvents>(name: Name, data: HostEvents[Name]) => void;

export function connectToVsCode(onEvent: OnEvent): PanelHost {
  const api = vsCodeApi();
  const link = callHost((frame) => api.postMessage(frame), onEvent);
  window.addEventListener("message", (event: MessageEvent<Frame>) => link.receive(event.data));
  return { link, savedState: api.getState(), save: (state) => api.setState(state) };
}
