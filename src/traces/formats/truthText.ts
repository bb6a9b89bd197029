import { matching, type LineFormat } from "../lineFormat.ts";
import { OpenedPaths } from "../openedPaths.ts";
import type { ChunkSum } from "../tracedSet.ts";

/** `name number`: what the recorded start adds up to. */
const total = /^[a-z][A-Za-z0-9]* -?\d+(?:\.\d+)?$/;
/**
 * Under a folder's line: name, size, pages read until ready (`-`: it was opened later), and, where a request was sent, pages read
 * until it was answered. `x`: it was executed.
 */
const file = /^\t([^\t]+)\t(\d+)\t(?:-|(\d+)(x?))(?:\t(?:-|(\d+)(x?)))?$/;

export type TruthLine =
  | { readonly kind: "total"; readonly name: string; readonly value: number }
  | { readonly kind: "folder"; readonly path: string }
  | {
      readonly kind: "file";
      readonly name: string;
      readonly sizeBytes: number;
      /** Until ready; absent when it was opened later. */
      readonly ready?: SeenPages | undefined;
      /** Until the first request was answered; absent when none was sent. */
      readonly request?: SeenPages | undefined;
    };

interface SeenPages {
  readonly pagesRead: number;
  readonly executed: boolean;
}

/** One line of a recorded truth; undefined when it is none. */
export function truthLine(text: string): TruthLine | undefined {
  const match = file.exec(text);
  if (match) {
    const [, name = "", size, pages, executed, requestPages, requestExecuted] = match;
    return {
      kind: "file",
      name,
      sizeBytes: Number(size),
      ready: pages === undefined ? undefined : { pagesRead: Number(pages), executed: executed === "x" },
      request: requestPages === undefined ? undefined : { pagesRead: Number(requestPages), executed: requestExecuted === "x" },
    };
  }
  if (text.startsWith("/")) return { kind: "folder", path: text };
  if (!total.test(text)) return undefined;
  const space = text.indexOf(" ");
  return { kind: "total", name: text.slice(0, space), value: Number(text.slice(space + 1)) };
}

/** `truth.txt` of `test/corpus`, see its README: measures, then folders, and under each its opened files. */
export const truthText: LineFormat = {
  recognized: (sample) => (total.test(sample[0] ?? "") ? matching(sample, total) + matching(sample, file) + matching(sample, /^\//) : 0),
  reader() {
    const opened = new OpenedPaths();
    const chunkBytes: ChunkSum[] = [];
    let hasRequest = false;
    let number = 0;
    let folder: string | undefined;
    return {
      line(text) {
        number++;
        if (text === "") return;
        const line = truthLine(text);
        if (line?.kind === "folder") folder = line.path;
        else if (line?.kind === "file" && folder !== undefined) {
          const { ready, request } = line;
          opened.add(folder === "/" ? `/${line.name}` : `${folder}/${line.name}`, {
            executed: ready?.executed === true || request?.executed === true,
            ...(ready ? { pagesRead: ready.pagesRead } : { moment: "firstRequest" as const }),
            ...(request && { requestPagesRead: request.pagesRead }),
          });
          hasRequest ||= request !== undefined;
        } else if (line?.kind === "total") {
          const chunk = /^(requestC|c)hunkBytes(\d{1,4})MiB$/.exec(line.name);
          if (chunk)
            chunkBytes.push({
              moment: chunk[1] === "c" ? "ready" : "firstRequest",
              chunkSizeBytes: Number(chunk[2]) * 1_048_576,
              bytes: line.value,
            });
        } else opened.unreadable(number);
      },
      // Its files stand in path order.
      end: () =>
        opened.result("recorded truth", { moments: hasRequest ? ["ready", "firstRequest"] : ["ready"], isInOrder: false, chunkBytes }),
    };
  },
};
