import type { SourceFact } from "./sourceFact.ts";
import { indentOf, relevantLines, SourceLoads, sourceText } from "./sourceLines.ts";

/** What a line must have to load anything. */
const loading =
  /require|autoload|\bload\b|^\s*(?:def|if|unless|else|case|end|class|module|rescue)\b|\bgem\b|\bgroup\b|Dir\b|^__END__|^=(?:begin|end)|LOAD_PATH|\$:/;
const relevant = new RegExp(`[A-Z]|${loading.source}`);
const text = String.raw`["']([^"'#\n]+)["']`;
const required = new RegExp(String.raw`(?<![\w.:])(require|require_relative|load)[ (]\s*${text}`, "g");
/** `require File.expand_path("../x", __FILE__)`, `require File.join(__dir__, "x")`, `require "#{__dir__}/x"`. */
const fromFile = /(?<![\w.])(?:require|load)[ (]\s*(?:File\.(?:expand_path|join)\(\s*(?:__dir__|File\.dirname\(__FILE__\)),\s*["']([^"'#\n]+)["']|File\.expand_path\(\s*["']\.\.\/([^"'#\n]+)["'],\s*__FILE__|["']#\{__dir__\}\/([^"'#\n]+)["']|File\.expand_path\(\s*["']([^"'#\n]+)["'],\s*__dir__)/; // prettier-ignore
const autoloaded = new RegExp(
  String.raw`(?<![\w.])autoload[ (]\s*:?["']?(\w+)["']?\s*,\s*(?:File\.expand_path\(\s*|File\.join\(\s*__dir__,\s*)?${text}`,
);
/** `extend ActiveSupport::Autoload`: the path follows from the names of the scopes. */
const autoloadedByName = /^\s*autoload[ (]\s*:(\w+)\s*\)?\s*(?:#.*)?$/;
const pattern =
  /Dir(?:\.glob)?\s*[[(]\s*(?:File\.(?:join|expand_path)\(\s*(?:__dir__|File\.dirname\(__FILE__\))?,?\s*)?["'](?:#\{__dir__\}\/)?([^"'\n#]*\*[^"'\n#]*)["']/;
const gem = /^\s*gem[ (]\s*["']([\w.-]+)["'](.*)$/;
/** `$LOAD_PATH.unshift __dir__`, `$: << File.expand_path("../lib", __FILE__)`, `$LOAD_PATH.unshift File.join(__dir__, "lib")`. */
const loadPath = /(?:\$LOAD_PATH|\$:)(?:\.(?:unshift|push|prepend|append)|\s*<<)[ (]*(?:File\.(?:expand_path|join)\(\s*)?(?:(__dir__|File\.dirname\(__FILE__\))(?:,\s*["']([^"'#\n]+)["'])?|["']([^"'#\n]+)["'],\s*(__dir__|__FILE__)|["']#\{__dir__\}\/([^"'#\n]+)["'])/; // prettier-ignore
const constants = /(?<![\w:$@."'])(?:::)?[A-Z]\w*(?:::[A-Z]\w*)*(?!["'\w:])/g;
/** Other implementations and systems than the one of a Linux container. */
const elsewhere = /(?:if|unless)\b.*(?:mswin|mingw|cygwin|windows|win_platform|jruby|java|truffleruby|rbx|darwin|\$DEBUG|\$VERBOSE)/i;

/**
 * `require`, `require_relative`, `load`, `autoload`, `gem` and `Dir[…]` with names that stand in the text. Blocks are told by
 * indentation, which nearly all Ruby code keeps.
 */
export function scanRuby(content: Uint8Array): SourceFact {
  const source = sourceText(content);
  const loads = new SourceLoads();
  /** Indents of the methods and conditions that are open. */
  const methods: number[] = [];
  const conditions: { readonly indent: number; readonly elsewhere: boolean }[] = [];
  /** Modules and classes that are open: their names scope what `autoload` defines. */
  const scopes: { readonly indent: number; readonly name: string }[] = [];
  /** Blocks of `eager_autoload`, `autoload_under "x"` and `autoload_at "x"`. */
  const blocks: { readonly indent: number; readonly eager: boolean; readonly under?: string; readonly at?: string }[] = [];
  let inComment = false;
  /** The last line that requires a name which is made: what is required when that fails is the usual way. */
  let computedLine = Number.NEGATIVE_INFINITY;
  for (const [line, number] of relevantLines(source, relevant)) {
    if (line.startsWith("=begin")) inComment = true;
    else if (line.startsWith("=end")) inComment = false;
    if (line.startsWith("__END__")) break;
    if (inComment || /^\s*#(?!!)/.test(line)) continue;
    const indent = indentOf(line);
    const last = conditions.at(-1);
    // Where the condition asks for another system, the other branch is the way here.
    if (/^\s*else\b/.test(line) && last?.indent === indent && last.elsewhere)
      conditions[conditions.length - 1] = { indent, elsewhere: false };
    if (/^\s*(?:end|def|class|module)\b/.test(line)) {
      while (methods.length > 0 && (methods.at(-1) as number) >= indent) methods.pop();
      while (conditions.length > 0 && (conditions.at(-1)?.indent as number) >= indent) conditions.pop();
      while (scopes.length > 0 && (scopes.at(-1)?.indent as number) >= indent) scopes.pop();
      while (blocks.length > 0 && (blocks.at(-1)?.indent as number) >= indent) blocks.pop();
    }
    const [block, kind, folder] = /^\s*(eager_autoload|autoload_under|autoload_at)\b(?:[ (]*["']([\w/]+)["'])?.*\bdo\b/.exec(line) ?? [];
    if (block !== undefined) blocks.push({ indent, eager: kind === "eager_autoload", ...(folder !== undefined && (kind === "autoload_at" ? { at: folder } : { under: folder })) }); // prettier-ignore
    const scope = /^\s*(?:class|module)\s+([\w:]+)/.exec(line)?.[1];
    if (scope !== undefined && !/\bend\s*$/.test(line)) scopes.push({ indent, name: scope });
    // What is there only for want of the usual library.
    if (/^\s*rescue\s+LoadError/.test(line)) conditions.push({ indent, elsewhere: number - computedLine > 40 });
    if (/\brequire(?:_relative)?[ (]*"[^"]*#\{(?!__dir__)/.test(line)) computedLine = number;
    if (/^\s*def\b/.test(line) && !/;\s*end\s*$|^\s*def\s+[\w.?!]+(?:\([^)]*\))?\s*=[^=]/.test(line)) methods.push(indent);
    else if (
      /^\s*(?:if|unless|case|elsif|when)\b/.test(line) &&
      !/\bend\s*$/.test(line) &&
      !/defined\?\s*\(?\s*(?:Ractor|RubyVM|Gem\b)|RUBY_VERSION\s*>/.test(line)
    )
      conditions.push({ indent, elsewhere: elsewhere.test(line) });
    const isElsewhere = conditions.some((one) => one.elsewhere) || (/\s(?:if|unless)\s/.test(line) && elsewhere.test(line));
    const lazy = methods.length > 0 || isElsewhere;
    const conditional = conditions.length > 0 || /\sif\s/.test(line.replace(/^\s*if\b/, ""));
    // In a method under a condition it is rather not reached; `unless` guards what usually is.
    const isRare = methods.length > 0 && (conditions.length > 0 || /\sif\s/.test(line));
    if (!isRare && !/^\s*(?:class|module)\s+\w+\s*$/.test(line) && /[A-Z]/.test(line))
      for (const [name] of line
        .replace(/\s#.*$/, "")
        .replace(/^\s*(?:class|module)\s+[\w:]+|"[^"]*"|'[^']*'/g, "")
        .matchAll(constants))
        if (/[a-z]/.test(name) || name.includes("::")) loads.use(name.split("::").slice(-2).join("::"), lazy);
    if (!loading.test(line)) continue;
    for (const [, how, name = ""] of line.matchAll(required)) {
      if (how === "require_relative") loads.add("file", name, number, lazy, conditional);
      else if (how === "load") loads.add("path", name, number, lazy, conditional);
      else loads.add(/^\.{1,2}\//.test(name) ? "path" : "module", name, number, lazy, conditional);
    }
    const relative = fromFile.exec(line);
    const name = relative?.slice(1).find((one) => one !== undefined);
    if (name !== undefined) loads.add("file", name, number, lazy, conditional);
    const auto = autoloaded.exec(line);
    if (auto?.[2] !== undefined)
      loads.add(
        "constant",
        auto[2],
        number,
        lazy,
        conditional,
        [...scopes.slice(-1).map(({ name }) => name.slice(name.lastIndexOf(":") + 1)), auto[1]].join("::"),
      );
    const byName = autoloadedByName.exec(line)?.[1];
    if (byName !== undefined) {
      const at = blocks.findLast((one) => one.at !== undefined)?.at;
      const under = blocks.findLast((one) => one.under !== undefined)?.under;
      const path =
        at ?? [...scopes.map(({ name }) => underscore(name)), ...(under === undefined ? [] : [under]), underscore(byName)].join("/");
      const constant = [...scopes.slice(-1).map(({ name }) => name.slice(name.lastIndexOf(":") + 1)), byName].join("::");
      loads.add("constant", path, number, lazy, conditional, constant);
      // An application in production loads them all before it serves.
      if (blocks.some(({ eager }) => eager)) loads.add("module", path, number, lazy, true);
    }
    const [extended, own, below, written, from, inside] = loadPath.exec(line) ?? [];
    if (extended !== undefined) {
      const up = from === "__FILE__" ? written?.replace(/^\.\.(?:\/|$)/, "") : (below ?? written ?? inside);
      loads.add("folder", up === undefined || up === "" || (own !== undefined && below === undefined) ? "." : up, number);
    }
    const glob = pattern.exec(line);
    if (glob?.[1] !== undefined && /\.rb\b|require|load/.test(line)) loads.add("pattern", glob[1], number, lazy, conditional);
    const listed = gem.exec(line);
    if (listed?.[1] !== undefined) loads.add("package", listed[1], number, /require:\s*false/.test(listed[2] ?? ""), conditional || /group:|platforms?:/.test(listed[2] ?? "")); // prettier-ignore
  }
  return loads.fact("ruby", source);
}

/** `ActionView::HTMLHelper` → `action_view/html_helper` (ActiveSupport::Inflector). */
function underscore(name: string): string {
  return name
    .replace(/::/g, "/")
    .replace(/([A-Z\d]+)(?=[A-Z][a-z])|([a-z\d])(?=[A-Z])/g, "$&_")
    .toLowerCase();
}
