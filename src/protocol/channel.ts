import { isUserError, toPlainError } from "../base/errors.ts";
import type { CheckedCall, Frame, FrameError } from "./frames.ts";

/** Both ends of the wire, for any protocol that is an interface of methods and one of events. */

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

/** The page's end of the wire. */
export interface CallingEnd<Methods> {
  readonly host: Methods;
  /** Takes what the host posted. */
  receive(frame: Frame): void;
}

export type OnEvent<Events> = <Name extends keyof Events & string>(name: Name, data: Events[Name]) => void;

/** The page's side: `host.files(query)` with full types and real rejections. `names`: all methods of the protocol. */
export function callingEnd<Methods extends object, Events>(
  names: Readonly<Record<keyof Methods & string, true>>,
  post: (frame: Frame) => void,
  onEvent: OnEvent<Events>,
): CallingEnd<Methods> {
  let nextId = 0;
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  const call = (method: string, args: readonly unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const id = nextId++;
      waiting.set(id, { resolve, reject });
      post({ kind: "call", id, method, args });
    });
  const methods = Object.keys(names).map((name) => [name, (...args: readonly unknown[]) => call(name, args)]);
  return {
    host: Object.fromEntries(methods) as Methods,
    receive(frame) {
      if (frame.kind === "event") onEvent(frame.name as keyof Events & string, frame.data as never);
      if (frame.kind !== "reply") return;
      const entry = waiting.get(frame.id);
      waiting.delete(frame.id);
      if (frame.ok) entry?.resolve(frame.value);
      else entry?.reject(new HostError(frame.error));
    },
  };
}

/** The host's end of the wire. */
export interface ServingEnd<Events> {
  /** Takes what the page posted; never throws or rejects. */
  receive(message: unknown): Promise<void>;
  push<Name extends keyof Events & string>(name: Name, data: Events[Name]): void;
}

/** Where the host's end tells of what should not happen. */
export interface ServingReport {
  readonly onInvalid: (message: unknown) => void;
  readonly onBug: (error: unknown) => void;
}

/**
 * The host's side. A method that throws becomes a reply with the error's code; what is no valid call of the
 * protocol is told to `onInvalid` and not answered.
 */
export function servingEnd<Methods extends object, Events>(
  checkCall: (message: unknown) => CheckedCall<keyof Methods & string> | undefined,
  methods: Methods,
  post: (frame: Frame) => void,
  report: ServingReport,
): ServingEnd<Events> {
  return {
    async receive(message) {
      const call = checkCall(message);
      if (!call) {
        report.onInvalid(message);
        return;
      }
      try {
        const method = methods[call.method] as (...args: readonly unknown[]) => Promise<unknown>;
        const value = await method.apply(methods, [...call.args]);
        post({ kind: "reply", id: call.id, ok: true, value });
      } catch (error) {
        if (!isUserError(error)) report.onBug(error);
        const { message: text, code, hint } = toPlainError(error);
        post({ kind: "reply", id: call.id, ok: false, error: { code: code ?? "bug", message: text, hint: hint ?? "" } });
      }
    },
    push(name, data) {
      post({ kind: "event", name, data });
    },
  };
}
