import type * as vscode from "vscode";
import type { Log, LogFields } from "../base/log.ts";

/** The engine's log in VS Code's output channel. */
export function outputLog(channel: vscode.LogOutputChannel): Log {
  return {
    debug: (message, fields) => channel.debug(line(message, fields)),
    info: (message, fields) => channel.info(line(message, fields)),
    warn: (message, fields) => channel.warn(line(message, fields)),
    error: (message, fields) =>
      channel.error(typeof message === "string" ? line(message, fields) : message, ...(fields ? [JSON.stringify(fields)] : [])),
  };
}

function line(message: string, fields: LogFields | undefined): string {
  return fields ? `${message} ${JSON.stringify(fields)}` : message;
}
