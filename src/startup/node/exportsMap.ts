/**
 * Targets of `exports` and `imports` (nodejs.org/api/esm.html, "Resolution Algorithm Specification"). Undefined: nothing is
 * exported by that name.
 */
export function exportTarget(exports: unknown, subpath: string, conditions: ReadonlySet<string>): string | undefined {
  const isMap = isObject(exports) && Object.keys(exports).some((key) => key.startsWith("."));
  if (!isMap) return subpath === "." ? target(exports, "", conditions, 0) : undefined;
  return mappedTarget(exports, subpath, conditions);
}

/** `#name` of the package's own `imports`. */
export function importTarget(imports: unknown, name: string, conditions: ReadonlySet<string>): string | undefined {
  return isObject(imports) ? mappedTarget(imports, name, conditions) : undefined;
}

function mappedTarget(map: Readonly<Record<string, unknown>>, key: string, conditions: ReadonlySet<string>): string | undefined {
  if (Object.hasOwn(map, key) && !key.includes("*")) return target(map[key], "", conditions, 0);
  let best: { readonly pattern: string; readonly match: string } | undefined;
  for (const pattern of Object.keys(map)) {
    const star = pattern.indexOf("*");
    // Folders ("./lib/") are the old form of a pattern.
    const [prefix, suffix] = star < 0 ? [pattern, ""] : [pattern.slice(0, star), pattern.slice(star + 1)];
    if (star < 0 && !pattern.endsWith("/")) continue;
    const fits = key.length > prefix.length + suffix.length - (star < 0 ? 0 : 1) && key.startsWith(prefix) && key.endsWith(suffix);
    if (!fits || (best && best.pattern.length >= pattern.length)) continue;
    best = { pattern, match: key.slice(prefix.length, key.length - suffix.length) };
  }
  if (!best) return undefined;
  const found = target(map[best.pattern], best.match, conditions, 0);
  return found?.endsWith("/") ? found + best.match : found;
}

/** Conditions in conditions deeper than this are hostile. */
const maxDepth = 20;

function target(value: unknown, match: string, conditions: ReadonlySet<string>, depth: number): string | undefined {
  if (depth > maxDepth) return undefined;
  if (typeof value === "string") return value.replaceAll("*", () => match);
  if (Array.isArray(value)) {
    for (const item of value.slice(0, 50)) {
      const found = target(item, match, conditions, depth + 1);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (!isObject(value)) return undefined;
  for (const [condition, item] of Object.entries(value)) {
    if (condition !== "default" && !conditions.has(condition)) continue;
    const found = target(item, match, conditions, depth + 1);
    if (found !== undefined || item === null) return found;
  }
  return undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
