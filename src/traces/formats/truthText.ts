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
        const match = file.exec(text);
        if (match && folder !== undefined) {
          const [, name, , pages, executed, requestPages, requestExecuted] = match;
          opened.add(folder === "/" ? `/${name}` : `${folder}/${name}`, {
            executed: executed === "x" || requestExecuted === "x",
            ...(pages === undefined ? { moment: "firstRequest" as const } : { pagesRead: Number(pages) }),
            ...(requestPages !== undefined && { requestPagesRead: Number(requestPages) }),
          });
          hasRequest ||= requestPages !== undefined;
        } else if (text.startsWith("/")) folder = text;
        else if (total.test(text)) {
          const chunk = /^(requestC|c)hunkBytes(\d{1,4})MiB (\d+)$/.exec(text);
          if (chunk)
            chunkBytes.push({
              moment: chunk[1] === "c" ? "ready" : "firstRequest",
              chunkSizeBytes: Number(chunk[2]) * 1_048_576,
              bytes: Number(chunk[3]),
            });
        } else opened.unreadable(number);
      },
      // Its files stand in path order.
      end: () =>
        opened.result("recorded truth", { moments: hasRequest ? ["ready", "firstRequest"] : ["ready"], isInOrder: false, chunkBytes }),
    };
  },
};
