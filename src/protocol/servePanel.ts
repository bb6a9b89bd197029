import { isUserError, toPlainError } from "../base/errors.ts";
import { checkCall, type Frame } from "./frames.ts";
import type { HostEvents, HostMethods } from "./messages.ts";

export interface PanelServer {
  /** Takes what the panel posted; never throws or rejects. */
  receive(message: unknown): Promise<void>;
  push<Name extends keyof HostEvents>(name: Name, data: HostEvents[Name]): void;
}

/**
 * The host's side. A method that throws becomes a reply with the error's code; what is no valid call of the
 * protocol is told to `onInvalid` and not answered.
 */
export function servePanel(
  methods: HostMethods,
  post: (frame: Frame) => void,
  report: { readonly onInvalid: (message: unknown) => void; readonly onBug: (error: unknown) => void },
): PanelServer {
  return {
    async receive(message) {
      const call = checkCall(message);
      if (!call) {
        report.onInvalid(message);
        return;
      }
      try {
        const method = methods[call.method].bind(methods) as (...args: readonly unknown[]) => Promise<unknown>;
        const value = await method(...call.args);
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
