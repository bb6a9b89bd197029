import { callReportHost } from "../../src/protocol/callReportHost.ts";
import type { OnEvent } from "../../src/protocol/channel.ts";
import type { Frame } from "../../src/protocol/frames.ts";
import type { ReportEvents, ReportMethods } from "../../src/protocol/reportMessages.ts";
import { vsCodeApi } from "../vsCodeApi.ts";

export interface ReportHost {
  readonly host: ReportMethods;
  /** What the page kept of itself when it was hidden or VS Code was closed. */
  readonly savedState: unknown;
  save(state: unknown): void;
  /** The page stands alone in a file: no other reports, no image panel, and no HTML of itself to export. */
  readonly isAlone: boolean;
}

export type ConnectReport = (onEvent: OnEvent<ReportEvents>) => ReportHost;

export const connectReportToVsCode: ConnectReport = (onEvent) => {
  const api = vsCodeApi();
  const link = callReportHost((frame) => api.postMessage(frame), onEvent);
  window.addEventListener("message", (event: MessageEvent<Frame>) => link.receive(event.data));
  return { host: link.host, savedState: api.getState(), save: (state) => api.setState(state), isAlone: false };
};
