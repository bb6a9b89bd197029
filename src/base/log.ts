/** Where the engine tells what it does. The message is constant text; what varies goes into the fields. Never secrets. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string | Error, fields?: LogFields): void;
}

export type LogFields = Readonly<Record<string, unknown>>;

/** Every long operation of the engine takes this as its last argument. */
export interface Call {
  /** Aborting it stops the work and removes what it left behind; the work rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  readonly log?: Log | undefined;
}

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
