const slots = 8192;
const longestKept = 48;
const lately: string[] = new Array<string>(slots).fill("");

/** The text of a name. Source code repeats its names, and to compare one with the string made before is cheaper than another string. */
export function nameText(bytes: Buffer, start: number, end: number): string {
  const length = end - start;
  if (length > longestKept) return bytes.toString("utf8", start, end);
  let hash = 0;
  for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + (bytes[at] as number)) | 0;
  const slot = (hash ^ (hash >>> 13)) & (slots - 1);
  const known = lately[slot] as string;
  if (known.length === length && isAt(bytes, start, known)) return known;
  const text = bytes.toString("utf8", start, end);
  lately[slot] = text;
  return text;
}

/** Compares units with bytes, so that it holds for ASCII only; other names are made each time. */
function isAt(bytes: Buffer, start: number, text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit !== bytes[start + index] || unit > 0x7f) return false;
  }
  return true;
}
