import type { Log, LogFields } from "../base/log.ts";

/** Warnings always, the rest only when asked: stdout belongs to the result. */
export function stderrLog(verbose: boolean): Log {
  const write = (level: string, message: string, fields?: LogFields): void => {
    const tail = fields ? ` ${JSON.stringify(fields)}` : "";
    process.stderr.write(`${level}: ${message}${tail}\n`);
  };
  return {
    debug: (message, fields) => verbose && write("debug", message, fields),
    info: (message, fields) => verbose && write("info", message, fields),
    warn: (message, fields) => write("warning", message, fields),
    error: (message, fields) => write("error", message instanceof Error ? message.message : message, fields),
  };
}
