import { matching, type LineFormat } from "../lineFormat.ts";
import { OpenedPaths } from "../openedPaths.ts";

/** `12:34:56.789012 python3(1234) [0:0]: RCO  /usr/lib/x.py`; time and user are optional, see fatrace(8). */
const event = /^(?:(\d+:\d\d:\d\d\.\d+|\d+\.\d+) )?(.*?)\((\d+)\)(?: \[\d+:\d+\])?: ([A-Z+<>]+)\s+(.*)$/;

/** What fatrace prints of all processes of a machine or, with `--current-mount`, of one file system (fatrace(8)). */
export const fatraceLog: LineFormat = {
  recognized: (sample) => matching(sample, event),
  reader() {
    const opened = new OpenedPaths();
    let number = 0;
    let startS: number | undefined;
    return {
      line(text) {
        number++;
        if (text.trim() === "") return;
        const match = event.exec(text);
        if (!match) {
          opened.unreadable(number);
          return;
        }
        const [, time, , , types = "", rest = ""] = match;
        // The details of `--exe` and `--parents` stand behind the path.
        const path = rest.replace(/ exe=\/.*$/, "").replace(/,? ?parents=\(.*$/, "");
        // Files that are deleted already have a device and an inode only.
        if (!fatraceOpens(types) || !path.startsWith("/")) return;
        const seconds = time === undefined ? undefined : (secondsOfDay(time) ?? Number(time));
        if (seconds !== undefined) startS ??= seconds;
        opened.add(path, { firstOpenMs: seconds === undefined ? undefined : Math.max(0, (seconds - (startS ?? 0)) * 1000) });
      },
      end: () => opened.result("fatrace log"),
    };
  },
};

/** Opened or read: a recording that begins late sees the reads only. Not: files that are only written, made or closed. */
export function fatraceOpens(types: string): boolean {
  return types.includes("O") || types.includes("R");
}

/** Seconds since midnight of `12:34:56.789`; undefined when it is none. */
export function secondsOfDay(text: string): number | undefined {
  const match = /^(\d+):(\d\d):(\d\d(?:\.\d+)?)$/.exec(text);
  return match ? Number(match[1]) * 3600 + Number(match[2]) * 60 + Number(match[3]) : undefined;
}
