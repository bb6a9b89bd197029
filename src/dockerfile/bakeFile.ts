import type { DescribedBuild } from "./describedBuild.ts";

/**
 * The targets of a `docker-bake` file with their tags. HCL is read only as far as such files need it: blocks, strings, lists of
 * strings, variables with a default, `inherits`; expressions that call functions leave the target out.
 */
export function bakeTargets(text: string, isJson: boolean): readonly DescribedBuild[] {
  const file = isJson ? fromJson(text) : fromHcl(text);
  const builds: DescribedBuild[] = [];
  for (const name of file.targets.keys()) {
    const fields = inherited(name, file.targets, 0);
    const context = first(fields.get("context")) ?? ".";
    const target = first(fields.get("target"));
    for (const tag of fields.get("tags") ?? []) {
      builds.push({
        image: interpolate(tag, file.variables),
        context: interpolate(context, file.variables),
        dockerfile: interpolate(first(fields.get("dockerfile")) ?? "Dockerfile", file.variables),
        label: `target ${name}`,
        ...(target !== undefined && { target }),
      });
    }
  }
  return builds;
}

type Fields = ReadonlyMap<string, readonly string[]>;

interface BakeFile {
  readonly targets: ReadonlyMap<string, Fields>;
  readonly variables: ReadonlyMap<string, string>;
}

function first(values: readonly string[] | undefined): string | undefined {
  return values?.[0];
}

function inherited(name: string, targets: ReadonlyMap<string, Fields>, depth: number): Fields {
  const own = targets.get(name) ?? new Map<string, readonly string[]>();
  const fields = new Map<string, readonly string[]>();
  // A circle of parents ends here; bake refuses it.
  if (depth < 10) {
    for (const parent of own.get("inherits") ?? [])
      for (const [key, value] of inherited(parent, targets, depth + 1)) fields.set(key, value);
  }
  for (const [key, value] of own) fields.set(key, value);
  return fields;
}

function interpolate(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replace(/\$\{(\w+)\}/g, (whole, name: string) => variables.get(name) ?? whole);
}

function fromJson(text: string): BakeFile {
  const targets = new Map<string, Fields>();
  const variables = new Map<string, string>();
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return { targets, variables };
  }
  for (const [name, value] of entriesOf(entryOf(parsed, "target"))) {
    const fields = new Map<string, readonly string[]>();
    for (const [key, item] of entriesOf(value)) {
      const values = (Array.isArray(item) ? item : [item]).filter((text): text is string => typeof text === "string");
      if (values.length > 0) fields.set(key, values);
    }
    targets.set(name, fields);
  }
  for (const [name, value] of entriesOf(entryOf(parsed, "variable"))) {
    const fallback = entryOf(value, "default");
    if (typeof fallback === "string") variables.set(name, fallback);
  }
  return { targets, variables };
}

function entryOf(value: unknown, key: string): unknown {
  return entriesOf(value).find(([name]) => name === key)?.[1];
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}

const hclToken = /\s+|#[^\n]*|\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:[^"\\\n]|\\.)*"|[A-Za-z_][\w-]*|[^\s]/gy;

function fromHcl(text: string): BakeFile {
  const tokens = (text.match(hclToken) ?? []).filter((token) => !/^(?:\s|#|\/\/|\/\*)/.test(token));
  const targets = new Map<string, Map<string, readonly string[]>>();
  const variables = new Map<string, string>();
  let at = 0;
  while (at < tokens.length) {
    const kind = tokens[at];
    const label = stringOf(tokens[at + 1]);
    if (label === undefined || tokens[at + 2] !== "{") {
      at++;
      continue;
    }
    const { fields, next } = readBlock(tokens, at + 3);
    at = next;
    if (kind === "target") targets.set(label, fields);
    const fallback = first(fields.get("default"));
    if (kind === "variable" && fallback !== undefined) variables.set(label, fallback);
  }
  return { targets, variables };
}

/** Reads up to the closing brace; inner blocks and values that are no strings are left out. */
function readBlock(tokens: readonly string[], start: number): { fields: Map<string, readonly string[]>; next: number } {
  const fields = new Map<string, readonly string[]>();
  let depth = 1;
  let at = start;
  for (; at < tokens.length && depth > 0; at++) {
    const token = tokens[at] ?? "";
    if (token === "{" || token === "(") depth++;
    else if (token === "}" || token === ")") depth--;
    else if (token === "=" && depth === 1) {
      const name = tokens[at - 1] ?? "";
      const value = stringOf(tokens[at + 1]);
      if (value !== undefined) fields.set(name, [value]);
      else if (tokens[at + 1] === "[") {
        const end = tokens.indexOf("]", at);
        const items = tokens.slice(at + 2, end < 0 ? undefined : end);
        if (items.every((item) => item === "," || stringOf(item) !== undefined)) {
          fields.set(
            name,
            items.map(stringOf).filter((item) => item !== undefined),
          );
        }
      }
    }
  }
  return { fields, next: at };
}

function stringOf(token: string | undefined): string | undefined {
  if (token?.startsWith('"') !== true) return undefined;
  return token.slice(1, -1).replace(/\\(.)/g, "$1");
}
