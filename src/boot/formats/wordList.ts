const simpleEscapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", a: "\x07", b: "\b", f: "\f", v: "\v", e: "\x1b" };

/**
 * A list of units as `systemctl show` prints it: words, quoted where a name has other characters than most. Before systemd 248 and since,
 * quotes are `"…"` with backslashes before what is special, or POSIX's `$'…'` with C's escapes (`shell_maybe_quote` in `src/basic/escape.c`).
 */
export function wordList(text: string): string[] {
  if (!/["'\\]/.test(text)) return text.split(" ").filter((word) => word !== "");
  const words: string[] = [];
  // In pieces, as a text that grows by each character takes long to look at.
  let word: string[] | undefined;
  for (let i = 0; i < text.length; i++) {
    const character = text[i] as string;
    if (character === " ") {
      if (word !== undefined) words.push(word.join(""));
      word = undefined;
    } else if (character === '"' || character === "'") {
      const isAnsi = character === "'" && text[i - 1] === "$" && word?.at(-1) === "$";
      if (isAnsi) word?.pop();
      const quoted = readQuoted(text, i + 1, character, isAnsi);
      (word ??= []).push(quoted.text);
      i = quoted.end;
    } else (word ??= []).push(character);
  }
  if (word !== undefined) words.push(word.join(""));
  return words;
}

function readQuoted(text: string, start: number, quote: string, isAnsi: boolean): { text: string; end: number } {
  const parts: string[] = [];
  let i = start;
  for (; i < text.length && text[i] !== quote; i++) {
    if (text[i] !== "\\" || (quote === "'" && !isAnsi)) {
      parts.push(text[i] as string);
      continue;
    }
    i++;
    const escaped = text[i] ?? "";
    const hex = isAnsi && escaped === "x" ? /^[0-9a-fA-F]{2}/.exec(text.slice(i + 1, i + 3))?.[0] : undefined;
    if (hex !== undefined) {
      parts.push(String.fromCharCode(Number.parseInt(hex, 16)));
      i += 2;
    } else parts.push((isAnsi ? simpleEscapes[escaped] : undefined) ?? escaped);
  }
  return { text: parts.join(""), end: i };
}
