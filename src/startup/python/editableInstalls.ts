import { folderOf } from "../paths.ts";
import { evaluate } from "./evaluate.ts";
import { parsedExpression } from "./expression.ts";
import type { ImportWalk } from "./importWalk.ts";

/**
 * `pip install -e .` with setuptools: a path file installs a finder whose table maps packages to the folders of their sources
 * (setuptools/command/editable_wheel.py). Others write plain path files, which need no more than those.
 */
export function mapEditableInstalls(imports: ImportWalk): void {
  for (const { path, line } of imports.layout.pathFileLines) {
    const finder = /\bimport (__editable__\w+_finder)\b/.exec(line)?.[1];
    const scope = finder === undefined ? undefined : imports.names.scopeOf(finder);
    const text = scope?.module.index.values.get("MAPPING");
    if (scope === undefined || text === undefined) continue;
    const table = evaluate(parsedExpression(text), imports.names.surroundings(scope));
    if (!(table instanceof Map)) continue;
    for (const [name, target] of (table as ReadonlyMap<string, unknown>).entries())
      if (typeof target === "string" && target.startsWith("/") && folderOf(target) !== folderOf(path)) imports.finder.map(name, target);
  }
}
