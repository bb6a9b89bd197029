import type { SourceFact } from "./sourceFact.ts";
import { indentOf, relevantLines, SourceLoads, sourceText } from "./sourceLines.ts";

const relevant =
  /^package\b|\w::\w|::["']|\b(?:plugin|start_app|extends|with|use_module|require_module|load_class|load_namespace)\b|\buse\b|^\s*no\b|\brequire\b|XSLoader|DynaLoader|bootstrap|^sub\b|^\}|^__(?:END|DATA)__|^=\w/;
const used = /^\s*(?:\}?\s*)?(?:use|no)\s+([A-Za-z_]\w*(?:::\w+)*)\s*(?:[\d.v]+\s*)?([^;]*)/;
const required = /(?<![\w$@%>-])require\s+(?:([A-Za-z_]\w*(?:::\w+)*)\s*(?:;|\)|\}|or\b|unless\b|if\b|$)|["']([\w./-]+)["'])/g;
/** Pragmas that name further modules: `use parent -norequire, "A", "B"`. */
const bases = /^(?:parent|base|Mojo::Base|fields|mixin|aliased|Class::Load|Moose|Mouse|Moo|Role::Tiny::With)$/;

/** Calls that load the module whose name they are given: Mojolicious, Moose and its kin, Module::Runtime, Class::Load. */
const byString = /\b(start_app|extends|with|use_module|require_module|load_class)\b[\s(]*((?:["'][\w:]+["'][\s,]*)+|qw\s*[(/[{<][\w:\s]+)/g;
/** `->plugin("X")`, `->plugin($_) for qw(X Y)`: below the namespaces of frameworks' plugins. */
const plugin = /\bplugin[\s(]+(?:["'](\w[\w:]*)["']|\$_\s*\)?\s*for\s+qw[(/[{]?([\w:\s]+))/g;

/** `use`, `require`, `parent` and `base`, and whether the module has a compiled part. Ends where the documentation or data begins. */
export function scanPerl(content: Uint8Array): SourceFact {
  const source = sourceText(content);
  const loads = new SourceLoads();
  let inSub = false;
  let inPod = false;
  let listLine = -1;
  let topName: string | undefined;
  for (const [line, number] of relevantLines(source, relevant)) {
    // The lines of a list that began with `with` or `use parent`.
    if (number === listLine + 1 && /^[\s"'\w:,)>}\]]*;?\s*$/.test(line)) {
      for (const [name] of line.matchAll(/[A-Z]\w*(?:::\w+)+/g)) loads.add("module", name, number);
      listLine = line.includes(";") ? -1 : number;
      continue;
    }
    listLine = /^\s*(?:with|extends|use\s+(?:parent|base)(?!.*-norequire))\b[^;]*$/.test(line) ? number : -1;
    topName ??= /^package\s+(\w+)/.exec(line)?.[1];
    if (/^__(?:END|DATA)__/.test(line)) break;
    if (/^=[a-z]/.test(line)) inPod = !line.startsWith("=cut");
    if (inPod || /^\s*#/.test(line)) continue;
    if (/^sub\b/.test(line)) inSub = !/\}\s*;?\s*$/.test(line);
    else if (line.startsWith("}")) inSub = false;
    for (const statement of /\buse\b.*;.*\b(?:use|no)\b/.test(line) ? line.split(/(?<=;)/) : [line]) {
      const use = used.exec(statement);
      if (use?.[1] !== undefined && !/^(?:v\d|\d)/.test(use[1])) {
        const [, name = "", rest = ""] = use;
        if (name === "lib")
          for (const [, folder = ""] of rest.matchAll(/["'](?:\$(?:FindBin::)?(?:Real)?Bin\/)?([\w./-]+)["']/g))
            loads.add("folder", folder, number);
        else if (name === "if") loads.add("module", /,\s*["']?([A-Za-z_][\w:]*)/.exec(rest)?.[1] ?? "", number, false, true);
        else loads.add("module", name, number);
        if (bases.test(name) && !rest.includes("-norequire"))
          for (const [base] of rest.matchAll(/[A-Za-z_]\w*(?:::\w+)+|(?<=["'\s(])[A-Z]\w+/g)) loads.add("module", base, number);
      }
    }
    for (const [, call, names = ""] of line.matchAll(byString))
      if (call !== "with" || names.includes("::"))
        for (const [name] of names.replace(/^qw/, "").matchAll(/[A-Za-z_]\w*(?:::\w+)*/g)) loads.add("module", name, number, false, false);
    for (const [, one, several = ""] of line.matchAll(plugin))
      for (const name of one === undefined ? several.split(/\s+/) : [one])
        for (const prefix of ["Mojolicious::Plugin::", "Dancer2::Plugin::"]) loads.add("module", prefix + name, number);
    // A module of the same distribution that is named as a string is loaded by that name somewhere; tables of names are for when one is needed.
    if (topName !== undefined && !/\b(?:croak|die|warn|carp|isa)\b|=>/.test(line))
      for (const [, name = ""] of line.matchAll(/(?<![\w$])["']([A-Z]\w*(?:::\w+)+)["']/g))
        if (name.startsWith(`${topName}::`)) loads.add("module", name, number, inSub && indentOf(line) > 8, true);
    // A name put together of a prefix and one of several words.
    const prefix = /["']([A-Z]\w*(?:::\w+)*::)["']/.exec(line);
    if (prefix)
      for (const [, name = ""] of line.slice(prefix.index + prefix[0].length).matchAll(/["']([A-Z]\w*)["']/g))
        loads.add("module", (prefix[1] ?? "") + name, number, false, true);
    // `eval { require X }` and loads in conditions happen or not; deeper ones mostly not.
    const indent = indentOf(line);
    for (const [, module, file] of line.matchAll(required)) {
      if (module !== undefined) loads.add("module", module, number, inSub || indent > 4, indent > 0);
      else if (file !== undefined) loads.add("module", file, number, inSub || indent > 4, indent > 0);
    }
    if (/XSLoader::load|DynaLoader|\bbootstrap\s+\w|bootstrap_inherit/.test(line)) loads.add("extension", "1", number);
  }
  return loads.fact("perl", source);
}
