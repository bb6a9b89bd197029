import { servingEnd, type ServingEnd, type ServingReport } from "./channel.ts";
import { checkCall, type Frame } from "./frames.ts";
import type { HostEvents, HostMethods } from "./messages.ts";

export type PanelServer = ServingEnd<HostEvents>;

/** The extension's side of an image's panel. */
export function servePanel(methods: HostMethods, post: (frame: Frame) => void, report: ServingReport): PanelServer {
  return servingEnd<HostMethods, HostEvents>(checkCall, methods, post, report);
}
