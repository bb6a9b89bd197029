/** What an instruction says once its lines are joined, as BuildKit's parser joins them (frontend/dockerfile/parser/parser.go). */
export interface LogicalLine {
  /** After the keyword and its flags. */
  readonly argumentText: string;
  readonly flags: Readonly<Record<string, string>>;
  readonly heredocs: readonly { readonly name: string; readonly text: string }[];
}

/** `lines`: the instruction's lines as written, the first one from the keyword on, heredoc bodies included. */
export function readLogicalLine(lines: readonly string[], keyword: string, escapeCharacter: string): LogicalLine {
  const parts: string[] = [];
  let next = 0;
  for (; next < lines.length; next++) {
    const line = lines[next] ?? "";
    if (next > 0 && (/^\s*#/.test(line) || line.trim() === "")) continue;
    const continued = withoutContinuation(line, escapeCharacter);
    parts.push(continued ?? line);
    if (continued === undefined) {
      next++;
      break;
    }
  }
  const text = parts.join("").trimStart();
  const { flags, rest } = takeFlags(text.replace(/^\S+/, "").trimStart(), escapeCharacter);
  return { argumentText: rest.trimEnd(), flags, heredocs: takesHeredocs(keyword, rest) ? heredocsOf(rest, lines.slice(next)) : [] };
}

/** The line without the escape character that joins it with the next; undefined when it ends here. */
function withoutContinuation(line: string, escapeCharacter: string): string | undefined {
  const end = line.trimEnd();
  if (!end.endsWith(escapeCharacter)) return undefined;
  // Two of them at the end are an escaped escape character.
  if (end.length > 1 && end.at(-2) === escapeCharacter) return undefined;
  return end.slice(0, -1);
}

function takesHeredocs(keyword: string, rest: string): boolean {
  const subject = keyword === "ONBUILD" ? (/^\S+/.exec(rest)?.[0] ?? "").toUpperCase() : keyword;
  return subject === "RUN" || subject === "COPY" || subject === "ADD";
}

const heredocWord = /(?:^|\s)\d*<<(-?)(?:"([^"<\s]+)"|'([^'<\s]+)'|([^\s<"'()]+))/g;

function heredocsOf(text: string, bodyLines: readonly string[]): { name: string; text: string }[] {
  const found: { name: string; text: string }[] = [];
  if (bodyLines.length === 0) return found;
  let at = 0;
  for (const match of text.matchAll(heredocWord)) {
    if (at >= bodyLines.length) break;
    const name = match[2] ?? match[3] ?? match[4] ?? "";
    const stripsTabs = match[1] === "-";
    const body: string[] = [];
    while (at < bodyLines.length) {
      const line = bodyLines[at++] ?? "";
      const shown = stripsTabs ? line.replace(/^\t+/, "") : line;
      if (shown === name) break;
      body.push(`${shown}\n`);
    }
    found.push({ name, text: body.join("") });
  }
  return found;
}

/** BuildKit reads `--name` and `--name=value` before the first other word. */
function takeFlags(text: string, escapeCharacter: string): { flags: Readonly<Record<string, string>>; rest: string } {
  const flags = new Map<string, string>();
  let rest = text;
  for (;;) {
    if (!rest.startsWith("--")) break;
    const word = flagWord(rest, escapeCharacter);
    rest = rest.slice(word.length).trimStart();
    if (word.value === "--") break;
    const equals = word.value.indexOf("=");
    const name = word.value.slice(2, equals < 0 ? undefined : equals);
    const value = equals < 0 ? "" : word.value.slice(equals + 1);
    const before = flags.get(name);
    flags.set(name, before === undefined ? value : `${before}\n${value}`);
  }
  return { flags: Object.fromEntries(flags), rest };
}

/** One word with its quotes removed, and how many characters it takes. */
function flagWord(text: string, escapeCharacter: string): { value: string; length: number } {
  const value: string[] = [];
  let quote = "";
  let at = 0;
  for (; at < text.length; at++) {
    const char = text.charAt(at);
    if (!quote && (char === " " || char === "\t")) break;
    if (char === escapeCharacter && at + 1 < text.length) value.push(text.charAt(++at));
    else if (quote ? char === quote : char === '"' || char === "'") quote = quote ? "" : char;
    else value.push(char);
  }
  return { value: value.join(""), length: at };
}
