import type { LineFormat } from "../lineFormat.ts";
import { OpenedPaths } from "../openedPaths.ts";

/** Names of columns as bpftrace's `opensnoop.bt` and BCC's `opensnoop` print them; the path is the last. */
const header = /^\s*(?:TIME\(\w+\)\s+)?(?:UID\s+)?(?:PID|TID)\s+(?:PPID\s+)?COMM\s+.*\bPATH\s*$/;

/** A table whose header names the columns and whose last column is the path: opensnoop of bpftrace and BCC. */
export const opensnoopLog: LineFormat = {
  recognized: (sample) => (sample.some((line) => header.test(line)) ? sample.length : 0),
  reader() {
    const opened = new OpenedPaths();
    let number = 0;
    let columns: readonly string[] | undefined;
    let startS: number | undefined;
    return {
      line(text) {
        number++;
        if (header.test(text)) {
          columns = text.trim().split(/\s+/);
          return;
        }
        // `Attaching 6 probes…`, `Tracing open syscalls…` stand above the header.
        if (!columns || text.trim() === "") return;
        const cells = cellsOf(text, columns);
        if (!cells) {
          opened.unreadable(number);
          return;
        }
        const cell = (name: RegExp): string | undefined => cells[columns?.findIndex((column) => name.test(column)) ?? -1];
        if (Number(cell(/^FD$/) ?? 0) < 0 || Number(cell(/^ERR$/) ?? 0) > 0) return;
        const time = Number(cell(/^TIME/));
        if (Number.isFinite(time)) startS ??= time;
        opened.add(cells[cells.length - 1] as string, { firstOpenMs: Number.isFinite(time) ? (time - (startS ?? 0)) * 1000 : undefined });
      },
      end: () => opened.result("opensnoop log"),
    };
  },
};

/** A process may have spaces in its name: it takes what the other columns, which have none, leave over. */
function cellsOf(text: string, columns: readonly string[]): readonly string[] | undefined {
  const name = columns.findIndex((column) => column === "COMM");
  const after = columns.length - name - 2;
  const before = String.raw`(\S+)\s+`.repeat(name);
  const match = new RegExp(String.raw`^\s*${before}(.*?)\s+${String.raw`(-?\d\S*)\s+`.repeat(after)}(\S.*)$`).exec(text);
  return match?.slice(1);
}
