import { splitWords } from "./words.ts";

/** One simple command of a RUN line; quotes are removed, variables stay as written. */
export type ShellWords = readonly string[];

const separators = new Set(["&&", "||", ";", "|", "&", "(", ")", "{", "}", "!", "then", "do", "else", "if", "while"]);

/**
 * The simple commands of a shell text in the order of the text, conditions not decided. Good enough to see which programs are
 * named with which arguments; the startup room has the evaluator.
 */
export function shellCommands(text: string): readonly ShellWords[] {
  const commands: string[][] = [];
  let command: string[] = [];
  const end = (): void => {
    if (command.length > 0) commands.push(command);
    command = [];
  };
  for (const line of text.slice(0, maxLength).split("\n")) {
    for (const word of splitWords(spaced(line))) {
      if (separators.has(word)) end();
      else if (command.length > 0 || !/^\w+=/.test(word)) command.push(word.replace(/["']/g, ""));
    }
    end();
  }
  return commands.map((words) => withoutWrapper(words)).filter((words) => words.length > 0);
}

/** Longer scripts are read up to here. */
const maxLength = 64 * 1024;

/** Blanks around separators, outside of quotes. */
function spaced(line: string): string {
  let result = "";
  let quote = "";
  for (let at = 0; at < line.length; at++) {
    const char = line.charAt(at);
    if (quote) {
      if (char === quote) quote = "";
    } else if (char === '"' || char === "'") quote = char;
    else if (char === "\\") {
      result += char + line.charAt(++at);
      continue;
    } else if (char === "#" && /(?:^|\s)$/.test(result)) return result;
    else if (char === ";" || char === "(" || char === ")") {
      result += ` ${char} `;
      continue;
    } else if (char === "&" || char === "|") {
      const twice = line.charAt(at + 1) === char;
      // `2>&1` and `&>` are redirections.
      const redirects = char === "&" && (line.charAt(at - 1) === ">" || line.charAt(at + 1) === ">");
      result += redirects ? char : ` ${twice ? char + char : char} `;
      if (twice) at++;
      continue;
    }
    result += char;
  }
  return result;
}

function withoutWrapper(words: readonly string[]): readonly string[] {
  let start = 0;
  while (
    words[start] === "sudo" ||
    words[start] === "exec" ||
    words[start] === "time" ||
    words[start] === "env" ||
    /^\w+=/.test(words[start] ?? "")
  )
    start++;
  return words.slice(start);
}
