import { matching, type LineFormat } from "../lineFormat.ts";
import { OpenedPaths } from "../openedPaths.ts";

/** `[device] flags first_ms count path`, separated by tabs. */
const event = /^(?:\d+\t)?(\d{1,3})\t(\d+(?:\.\d+)?)\t(\d+)\t(\/.*)$/;

const flags = { open: 1, access: 2, execute: 4, directory: 8 } as const;

/**
 * What a fanotify recorder writes at its end, a line per path: bits for FAN_OPEN, FAN_ACCESS, FAN_OPEN_EXEC and directories,
 * milliseconds of the first event since the recorder began, number of events, path; in front of it the device if several
 * file systems were watched. A comment tells how many events the kernel dropped.
 */
export const fanotifyLog: LineFormat = {
  recognized: (sample) => matching(sample, event),
  reader() {
    const opened = new OpenedPaths();
    let number = 0;
    let overflows = 0;
    return {
      line(text) {
        number++;
        if (text.trim() === "") return;
        if (text.startsWith("#")) {
          overflows += Number(/\boverflow=(\d+)/.exec(text)?.[1] ?? 0);
          return;
        }
        const match = event.exec(text);
        if (!match) {
          opened.unreadable(number);
          return;
        }
        const bits = Number(match[1]);
        if ((bits & flags.directory) !== 0 || (bits & (flags.open | flags.access | flags.execute)) === 0) return;
        opened.add(match[4] as string, { firstOpenMs: Number(match[2]), ...((bits & flags.execute) !== 0 && { executed: true }) });
      },
      end: () =>
        opened.result(
          "fanotify log",
          {},
          overflows > 0
            ? [{ severity: "warning", message: `The kernel dropped events ${overflows} times while this was recorded: files are missing.` }]
            : [],
        ),
    };
  },
};
