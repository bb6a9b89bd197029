import { parseSize } from "../../base/format.ts";
import type { LineFormat } from "../lineFormat.ts";
import { OpenedPaths } from "../openedPaths.ts";

const header = /^path,size,elapsed\s*$/;

/**
 * The table that Nydus' NRI optimizer keeps beside its list: `path,size,elapsed`, quoted as RFC 4180 says, the time in microseconds or,
 * with `readable`, as `1.5ms` (nydus-snapshotter `pkg/fanotify/fanotify.go`, `pkg/utils/display`).
 */
export const nydusTable: LineFormat = {
  recognized: (sample) => (header.test(sample[0] ?? "") ? sample.length : 0),
  reader() {
    const opened = new OpenedPaths();
    let number = 0;
    return {
      line(text) {
        number++;
        if (text.trim() === "" || header.test(text)) return;
        const [path, size, elapsed] = fields(text);
        if (!path?.startsWith("/") || size === undefined || parseSize(size.replace(/\s/g, "")) === undefined) opened.unreadable(number);
        else opened.add(path, { firstOpenMs: milliseconds(elapsed ?? "") });
      },
      end: () => opened.result("nydus optimizer"),
    };
  },
};

function fields(line: string): string[] {
  const found: string[] = [];
  const field = /(?:^|,)(?:"((?:[^"]|"")*)"|([^,"]*))/gy;
  for (let match = field.exec(line); match && found.length < 8; match = field.exec(line)) {
    found.push(match[1] === undefined ? (match[2] ?? "") : match[1].replaceAll('""', '"'));
    if (field.lastIndex >= line.length) break;
  }
  return found;
}

const unitMs: ReadonlyMap<string, number> = new Map([
  ["", 0.001],
  ["us", 0.001],
  ["µs", 0.001],
  ["ms", 1],
  ["s", 1000],
]);

function milliseconds(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*(us|µs|ms|s)?$/.exec(text.trim());
  const unit = match && unitMs.get(match[2] ?? "");
  return match && unit !== undefined && unit !== null ? Number(match[1]) * unit : undefined;
}
