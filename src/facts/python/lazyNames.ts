import { tokens } from "./tokens.ts";

const namesLimit = 50_000;
const dotted = /^\.*\w+(\.\w+)*$/;

/**
 * What a lazy package's tables say: `"submodule": ["Name", …]`, `table["submodule"] = […]`, `.extend([…])`, `"Name": "submodule"` and
 * `"Name": ("submodule", "name")`. Which of two readings is right only the folder tells, so both are given; the reader keeps those
 * whose submodule exists.
 */
export function lazyNames(source: Buffer): (readonly [submodule: string, names: readonly string[]])[] {
  const found = new Map<string, Set<string>>();
  let count = 0;
  const add = (submodule: string, name: string): void => {
    if (++count > namesLimit || !dotted.test(submodule) || !dotted.test(name)) return;
    const names = found.get(submodule) ?? new Set();
    found.set(submodule, names.add(name));
  };
  let before: { readonly kind: string; readonly text: string } = { kind: "other", text: "" };
  let key: string | undefined;
  let subscript: string | undefined;
  let list: string[] | undefined;
  let listIsTuple = false;
  for (const token of tokens(source)) {
    if (list !== undefined && key !== undefined) {
      if (token.kind === "string") list.push(token.text);
      else if (token.text === "]" || token.text === ")") {
        for (const name of list) add(key, name);
        if (listIsTuple && list.length === 2 && list[0] !== undefined) add(list[0], key);
        list = undefined;
        key = undefined;
      }
    } else if (token.kind === "string") {
      if (key !== undefined) add(token.text, key);
      key = undefined;
    } else if (token.text === ":" && before.kind === "string") key = before.text;
    else if (token.text === "]" && before.kind === "string") subscript = before.text;
    else if (subscript !== undefined && (token.text === "=" || token.text === "extend" || token.text === "append")) {
      key = subscript;
      if (token.text === "=") subscript = undefined;
    } else if ((token.text === "[" || token.text === "(") && key !== undefined) {
      if (subscript !== undefined && token.text === "(") subscript = undefined;
      else {
        list = [];
        listIsTuple = token.text === "(";
      }
    } else if (token.text !== "." && token.text !== "+") {
      key = undefined;
      subscript = undefined;
    }
    before = token;
  }
  return [...found].map(([submodule, names]) => [submodule, [...names]] as const);
}
