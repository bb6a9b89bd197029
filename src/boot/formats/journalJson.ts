import { parseJsonObject } from "../../base/json.ts";
import { byteLines } from "./byteLines.ts";
import { JournalBoots } from "./journalBoots.ts";

const openBrace = 123;

/**
 * `journalctl -o json`, also as `json-seq` or `json-sse`: one object per line. Only lines with a message ID are parsed, and one per boot at
 * either end: most lines tell of no unit, and a journal of a gigabyte is common.
 */
export async function readJournalJson(chunks: AsyncIterable<Uint8Array>): Promise<JournalBoots> {
  const boots = new JournalBoots();
  let bootId: Buffer | undefined;
  let last: Buffer | undefined;
  const parse = (line: Buffer): void => {
    const fields = parseJsonObject(line.subarray(Math.max(0, line.indexOf(openBrace))).toString("utf8"));
    if (!fields) return;
    boots.entry(fields);
    if (typeof fields["_BOOT_ID"] === "string" && fields["_BOOT_ID"] !== "") bootId = Buffer.from(fields["_BOOT_ID"]);
  };
  for await (const line of byteLines(chunks)) {
    if (bootId && !line.includes('"MESSAGE_ID"') && line.includes(bootId)) {
      last = line;
      continue;
    }
    const isNext = !bootId || !line.includes(bootId);
    if (isNext && last) parse(last);
    parse(line);
    last = undefined;
  }
  if (last) parse(last);
  return boots;
}
