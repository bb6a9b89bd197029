import type { Assignment, HereDoc, Redirection } from "unbash";
import { joinPath } from "../paths.ts";
import { unknownWord } from "../walk.ts";
import { assign, isUnknown, type ShellPath } from "./shellPath.ts";
import { expandText, expandWords, type Expander } from "./words.ts";

/** `NAME=value`, `NAME+=value`, `NAME[i]=value`, `NAME=(…)`. */
export function assignVariable(node: Assignment, path: ShellPath, expander: Expander): void {
  const { name } = node;
  const before = path.variables.get(name)?.values ?? [];
  if (node.value.type === "ArrayValue") {
    const values = expandWords(node.value.elements, path, expander);
    assign(path, name, node.append ? [...before, ...values] : values, { isArray: true });
    return;
  }
  const value = expandText(node.value, path, expander);
  if (node.index) {
    const index = Number(expandText(node.index, path, expander));
    if (!Number.isInteger(index) || index < 0 || index > before.length) assign(path, name, [...before, value], { isArray: true });
    else assign(path, name, before.toSpliced(index, 1, value), { isArray: true });
  } else assign(path, name, [node.append ? (before[0] ?? "") + value : value]);
}

/** `export NAME=value` among the arguments: one word, not split; arrays are set at once. */
export function declarationWords(node: Assignment, path: ShellPath, expander: Expander): string[] {
  if (node.value.type === "Word") return [`${node.name}${node.append ? "+" : ""}=${expandText(node.value, path, expander)}`];
  assignVariable(node, path, expander);
  return [node.name];
}

/** What redirections need beside the path. */
export interface Files {
  readonly expander: Expander;
  readText(file: string): string | undefined;
  read(file: string, path: ShellPath, pos: number): void;
}

/** Sets what the command reads, and notes files that it makes. */
export function redirect(redirections: readonly Redirection[], path: ShellPath, files: Files): void {
  for (const one of redirections) {
    if (one.type === "HereDoc") path.stdin = heredoc(one, path, files.expander);
    else if (one.type === "HereString") path.stdin = `${expandText(one.target, path, files.expander)}\n`;
    else if (one.target && one.operator !== ">&" && one.operator !== "<&") {
      const target = expandText(one.target, path, files.expander);
      if (isUnknown(target) || target.startsWith("/dev/")) {
        if (one.operator === "<") path.stdin = unknownWord;
        continue;
      }
      const file = joinPath(path.cwd, target);
      if (one.operator === "<") {
        files.read(file, path, one.pos);
        path.stdin = files.readText(file) ?? unknownWord;
      } else {
        if (one.operator === ">>") files.read(file, path, one.pos);
        path.made.add(file);
      }
    }
  }
}

/** Expanded unless its delimiter is quoted; nothing in it is split. */
function heredoc({ body }: HereDoc, path: ShellPath, expander: Expander): string {
  if (!body.parts) return body.text;
  return expandText({ type: "Word", text: body.text, value: body.text, pos: body.pos, end: body.end, parts: body.parts }, path, expander);
}
