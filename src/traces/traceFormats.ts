import { fanotifyLog } from "./formats/fanotifyLog.ts";
import { fatraceLog } from "./formats/fatraceLog.ts";
import { fileList } from "./formats/fileList.ts";
import { jsonLines } from "./formats/jsonLines.ts";
import { nydusTable } from "./formats/nydusTable.ts";
import { opensnoopLog } from "./formats/opensnoopLog.ts";
import { straceLog } from "./formats/straceLog.ts";
import { truthText } from "./formats/truthText.ts";
import type { LineFormat } from "./lineFormat.ts";

/** Every form that is read line by line. Where two recognize equally many lines, the first has it: the strict ones stand in front. */
export const lineFormats: readonly LineFormat[] = [
  jsonLines,
  nydusTable,
  truthText,
  fanotifyLog,
  opensnoopLog,
  fatraceLog,
  straceLog,
  fileList,
];

/** Which form most of the first lines have; undefined when none has at least a third of them. */
export function formatOf(sample: readonly string[]): LineFormat | undefined {
  let best: LineFormat | undefined;
  let most = sample.length / 3;
  for (const format of lineFormats) {
    const recognized = format.recognized(sample);
    if (recognized > 0 && recognized >= most && (best === undefined || recognized > most)) {
      best = format;
      most = recognized;
    }
  }
  return best;
}
