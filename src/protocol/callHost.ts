import { callingEnd, type CallingEnd, type OnEvent } from "./channel.ts";
import type { Frame } from "./frames.ts";
import type { HostEvents, HostMethods, MethodName } from "./messages.ts";

export { HostError } from "./channel.ts";

export type HostLink = CallingEnd<HostMethods>;

/** A method that is missing here does not compile. */
const names: Readonly<Record<MethodName, true>> = {
  ready: true,
  files: true,
  setMeasure: true,
  inspectAgain: true,
  cancel: true,
  showLog: true,
  chooseImage: true,
  compareTrace: true,
  forgetTrace: true,
  savePrefetchList: true,
};

/** The side of an image's panel. */
export function callHost(post: (frame: Frame) => void, onEvent: OnEvent<HostEvents>): HostLink {
  return callingEnd<HostMethods, HostEvents>(names, post, onEvent);
}
