/** One line of strace(1): who, when, and what happened. */
export interface StraceLine {
  /** 0 when the line names none: only one process, or a file of its own for each. */
  readonly pid: number;
  readonly time?: { readonly seconds: number; readonly isSincePrevious: boolean } | undefined;
  readonly event: StraceEvent;
}

export type StraceEvent =
  | { readonly kind: "call"; readonly name: string; readonly text: string }
  /** The call's second half comes in a later line of the same process. */
  | { readonly kind: "unfinished"; readonly name: string; readonly text: string }
  | { readonly kind: "resumed"; readonly name: string; readonly text: string }
  /** Signals, exits, strace's own messages. */
  | { readonly kind: "other" };

const head =
  /^(?:\[pid\s+(\d+)(?:<[^>]*>)?\]\s+|(\d+)(?:<[^>]*>)?\s+)?(?:(\d\d:\d\d:\d\d(?:\.\d+)?|\d+\.\d+)(?: \(\+\s*(\d+\.\d+)\))?\s+)?(?=[a-z_<+-]|\?|strace:)/;
const resumed = /^<\.\.\. ([a-z_0-9]+) resumed> ?/;
const started = /^([a-z_0-9]+)\(/;
const unfinished = /\s*<unfinished \.\.\.>\s*$/;

/** Takes a line apart; undefined when it is not strace's. `text` of a call is what stands behind its first parenthesis. */
export function straceLine(line: string): StraceLine | undefined {
  const front = head.exec(line.trimStart());
  if (!front) return undefined;
  const pid = Number(front[1] ?? front[2] ?? 0);
  const time = timeOf(front[3]);
  const rest = line.trimStart().slice(front[0].length);
  const second = resumed.exec(rest);
  if (second) return { pid, time, event: { kind: "resumed", name: second[1] as string, text: rest.slice(second[0].length) } };
  const first = started.exec(rest);
  if (!first) return isOther(rest) ? { pid, time, event: { kind: "other" } } : undefined;
  const text = rest.slice(first[0].length);
  const name = first[1] as string;
  if (unfinished.test(text)) return { pid, time, event: { kind: "unfinished", name, text: text.replace(unfinished, "") } };
  return { pid, time, event: { kind: "call", name, text } };
}

function isOther(rest: string): boolean {
  return /^(?:\+\+\+ |--- |strace: |\?\?\?\?\(|<\.\.\. |<unfinished)/.test(rest);
}

/** `-t`, `-tt`: time of day; `-ttt`: since 1970; `-r`: since the previous line. */
function timeOf(text: string | undefined): StraceLine["time"] {
  if (text === undefined) return undefined;
  const clock = /^(\d\d):(\d\d):(\d\d(?:\.\d+)?)$/.exec(text);
  if (clock) return { seconds: Number(clock[1]) * 3600 + Number(clock[2]) * 60 + Number(clock[3]), isSincePrevious: false };
  const seconds = Number(text);
  return { seconds, isSincePrevious: seconds < 1_000_000 };
}

export interface StraceCall {
  readonly args: readonly string[];
  /** Undefined: the call failed, or its end is not known. */
  readonly result: number | undefined;
  /** What stands behind the result: `1234 in strace's PID NS`, `</app/x>`. */
  readonly after: string;
}

const maxArgs = 64;

/** Splits `…arguments) = result` at the commas and the parenthesis that stand outside of texts and brackets. */
export function straceCall(text: string): StraceCall | undefined {
  const args: string[] = [];
  let start = 0;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    switch (text.charAt(i)) {
      case '"':
        i = endOfText(text, i);
        break;
      case "<":
        // `3</app/x>`: a descriptor's path may hold commas; what it would end with, strace escapes.
        i = Math.max(i, /[\dD]/.test(text[i - 1] ?? "") ? text.indexOf(">", i) : i);
        break;
      case "(":
      case "[":
      case "{":
        depth++;
        break;
      case "]":
      case "}":
        depth--;
        break;
      case ",":
        if (depth > 0 || args.length >= maxArgs) break;
        args.push(text.slice(start, i).trim());
        start = i + 1;
        break;
      case ")":
        if (depth > 0) {
          depth--;
          break;
        }
        args.push(text.slice(start, i).trim());
        return withResult(args, text.slice(i + 1));
      default:
    }
  }
  return undefined;
}

function withResult(args: readonly string[], text: string): StraceCall | undefined {
  const match = /^\s*= (-?\d+|0x[0-9a-f]+|\?)(.*)$/.exec(text);
  if (!match) return undefined;
  const value = Number(match[1]);
  return { args, result: value >= 0 ? value : undefined, after: match[2] ?? "" };
}

function endOfText(text: string, quote: number): number {
  for (let i = quote + 1; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === '"') return i;
  }
  return text.length;
}

const letters: ReadonlyMap<string, number> = new Map([
  ["n", 10],
  ["t", 9],
  ["r", 13],
  ["v", 11],
  ["f", 12],
  ["a", 7],
  ["b", 8],
  ["e", 27],
]);

/** The text of an argument in quotes, with C's escapes undone as UTF-8; undefined when it is none or was cut off (`"…"...`). */
export function straceText(arg: string | undefined): string | undefined {
  if (arg === undefined || !arg.startsWith('"') || !arg.endsWith('"') || arg.length < 2) return undefined;
  const inner = arg.slice(1, -1);
  if (!inner.includes("\\")) return inner;
  const bytes: number[] = [];
  for (const [token, octal, hex, letter] of inner.matchAll(/\\([0-7]{1,3})|\\x([0-9a-f]{2})|\\(.)|[^\\]+/gs)) {
    if (octal !== undefined) bytes.push(Number.parseInt(octal, 8) & 255);
    else if (hex !== undefined) bytes.push(Number.parseInt(hex, 16));
    else if (letter !== undefined) bytes.push(letters.get(letter) ?? letter.charCodeAt(0) & 255);
    else for (const byte of Buffer.from(token)) bytes.push(byte);
  }
  return Buffer.from(bytes).toString("utf8");
}

/** The path in `3</app/x>` or `AT_FDCWD</app>`, which `-y` shows; undefined for sockets, pipes and without it. */
export function straceDescriptorPath(arg: string | undefined): string | undefined {
  const path = /<(\/.*)>$/.exec(arg ?? "")?.[1];
  return path === undefined ? undefined : straceText(`"${path}"`);
}
