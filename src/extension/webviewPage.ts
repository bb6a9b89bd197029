import * as vscode from "vscode";
import type { ServingEnd, ServingReport } from "../protocol/channel.ts";
import type { Frame } from "../protocol/frames.ts";
import { logFailure } from "./failure.ts";
import { panelHtml } from "./panelHtml.ts";

export interface PageOptions<Events> {
  readonly extensionUri: vscode.Uri;
  readonly channel: vscode.LogOutputChannel;
  /** The built page: `dist/webview/NAME.js` and `.css`. */
  readonly page: "panel" | "report";
  /** The protocol's serving end. */
  serve(post: (frame: Frame) => void, report: ServingReport): ServingEnd<Events>;
}

export interface ServedPage<Events> {
  readonly server: ServingEnd<Events>;
  readonly listener: vscode.Disposable;
}

/** Gives a webview one of the extension's pages, with its policy and nothing but the built files in reach, and serves it. */
export function servePage<Events>(webview: vscode.Webview, options: PageOptions<Events>): ServedPage<Events> {
  const { extensionUri, channel, page } = options;
  const folder = vscode.Uri.joinPath(extensionUri, "dist", "webview");
  webview.options = { enableScripts: true, localResourceRoots: [folder], enableForms: false };
  const server = options.serve((frame) => void webview.postMessage(frame), {
    onInvalid: () => channel.warn("A panel sent a message that is not of the protocol."),
    onBug: (error) => logFailure(error, channel),
  });
  const listener = webview.onDidReceiveMessage((message) => void server.receive(message));
  const resource = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(folder, name)).toString();
  webview.html = panelHtml({ cspSource: webview.cspSource, script: resource(`${page}.js`), style: resource(`${page}.css`) });
  return { server, listener };
}
