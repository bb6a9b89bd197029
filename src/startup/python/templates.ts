import { folderOf, joinPath } from "../paths.ts";
import { dottedName, parsedExpression, within } from "./expression.ts";
import type { ImportWalk } from "./importWalk.ts";
import type { Scope } from "./scope.ts";

/**
 * Templates that application code names: `render_template("index.html")`, `templates.TemplateResponse(request, "index.html")`.
 * Frameworks look for them in a folder `templates` beside the code, above it, or in the working directory; most of them extend a
 * base that lies there, too.
 */

const renders = /(^|\.|_)(render|render_template|render_to_string|TemplateResponse|get_template|select_template|template)$/;
const templateName = /^[\w./-]{1,200}\.(html?|jinja2?|j2|xml|txt|mako|tpl)$/;
const bases = ["base.html", "layout.html", "_base.html", "base.html.j2", "base.j2"];
const share = { named: 0.85, base: 0.65 } as const;
/** Above the module's own folder. */
const mostFolders = 3;

/** `text`: one expression of application code; `place`: where it stands. */
export function followTemplates(imports: ImportWalk, text: string, scope: Scope, probability: number, place: string): void {
  if (!/render|emplate/.test(text)) return;
  for (const call of within(parsedExpression(text))) {
    if (call.kind !== "call" || !renders.test(dottedName(call.callee) ?? (call.callee.kind === "attribute" ? call.callee.name : "")))
      continue;
    for (const argument of [...call.positional.slice(0, 3), ...call.keywords.map(({ value }) => value)])
      if (argument.kind === "constant" && typeof argument.value === "string" && templateName.test(argument.value))
        openTemplate(imports, argument.value, scope, probability, place);
  }
}

function openTemplate(imports: ImportWalk, name: string, scope: Scope, probability: number, place: string): void {
  const folders = [imports.command.cwd];
  for (let folder = folderOf(scope.module.path), up = 0; up < mostFolders; folder = folderOf(folder), up++) folders.push(folder);
  const found = [...new Set(folders)]
    .map((folder) => joinPath(folder, "templates"))
    .find((folder) => exists(imports, joinPath(folder, name)));
  if (found === undefined) return;
  imports.open(joinPath(found, name), "py-path", probability * share.named, `${place} → ${name}`);
  for (const base of bases)
    if (base !== name && exists(imports, `${found}/${base}`)) {
      imports.open(`${found}/${base}`, "py-path", probability * share.base, `${name} mostly extends it`);
      break;
    }
}

function exists(imports: ImportWalk, path: string): boolean {
  return imports.walk.catalog.file(path) !== undefined;
}
