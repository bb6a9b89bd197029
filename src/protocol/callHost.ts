import type { Frame, FrameError } from "./frames.ts";
import type { HostEvents, HostMethods, MethodName } from "./messages.ts";

/** What a rejected call carries. */
export class HostError extends Error {
  override readonly name = "HostError";
  readonly code: string;
  readonly hint: string;

  constructor(error: FrameError) {
    super(error.message);
    this.code = error.code;
    this.hint = error.hint;
  }
}

export interface HostLink {
  readonly host: HostMethods;
  /** Takes what the host posted. */
  receive(frame: Frame): void;
}

/** The panel's side: `host.files(query)` with full types and real rejections. */
export function callHost(
  post: (frame: Frame) => void,
  onEvent: <Name extends keyof HostEvents>(name: Name, data: HostEvents[Name]) => void,
): HostLink {
  let nextId = 0;
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  const call = (method: MethodName, args: readonly unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const id = nextId++;
      waiting.set(id, { resolve, reject });
      post({ kind: "call", id, method, args });
    });
  const host: HostMethods = {
    ready: () => call("ready", []) as ReturnType<HostMethods["ready"]>,
    files: (query) => call("files", [query]) as ReturnType<HostMethods["files"]>,
    setMeasure: (measure) => call("setMeasure", [measure]) as Promise<void>,
    inspectAgain: () => call("inspectAgain", []) as Promise<void>,
    cancel: () => call("cancel", []) as Promise<void>,
    showLog: () => call("showLog", []) as Promise<void>,
    chooseImage: () => call("chooseImage", []) as Promise<void>,
    compareTrace: () => call("compareTrace", []) as Promise<void>,
    forgetTrace: () => call("forgetTrace", []) as Promise<void>,
    savePrefetchList: () => call("savePrefetchList", []) as Promise<void>,
  };
  return {
    host,
    receive(frame) {
      if (frame.kind === "event") onEvent(frame.name, frame.data as HostEvents[typeof frame.name]);
      if (frame.kind !== "reply") return;
      const entry = waiting.get(frame.id);
      waiting.delete(frame.id);
      if (frame.ok) entry?.resolve(frame.value);
      else entry?.reject(new HostError(frame.error));
    },
  };
}
