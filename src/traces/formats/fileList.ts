import { matching, type LineFormat } from "../lineFormat.ts";
import { OpenedPaths } from "../openedPaths.ts";

const absolute = /^\s*\/[^\0]*$/;
/** eStargz's own lists leave out the first slash. */
const relative = /^[^\s/,{[("][^\s,{("]*\/[^\s,{("]*$/;

/**
 * One path per line, `#` for comments: Nydus' prefetch patterns and the list of its NRI optimizer (nydus-snapshotter
 * `pkg/fanotify`), overlaybd's priority list (accelerated-container-image `docs/trace-prefetch.md`) and eStargz' prefetch list
 * (stargz-snapshotter `docs/ctr-remote.md`).
 */
export const fileList: LineFormat = {
  recognized: (sample) => matching(sample, absolute) + matching(sample, relative),
  reader() {
    const opened = new OpenedPaths();
    let number = 0;
    return {
      line(text) {
        number++;
        const path = text.trim();
        if (path === "" || path.startsWith("#")) return;
        if (!absolute.test(text) && !relative.test(path)) opened.unreadable(number);
        else opened.add(path.startsWith("/") ? path : `/${path}`);
      },
      end: () => opened.result("file list"),
    };
  },
};
