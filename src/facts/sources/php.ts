import type { SourceFact } from "./sourceFact.ts";
import { relevantLines, SourceLoads, sourceText } from "./sourceLines.ts";

const relevant =
  /require|include|=>\s*(?:__DIR__|array\(\$)|^\s*(?:\w+\s+)*function\b|\bfunction\s*\(|^\s*\}|^\s*use\s|^namespace\b|\b(?:extends|implements|new)\b|\w::/;
const included = /(?<![\w>:$])(?:require|include)(?:_once)?\s*\(?\s*([^;]+)/g;
const listed = /^\s*["'][0-9a-f]{32}["']\s*=>\s*(__DIR__[^,]+)/;

/** One row of Composer's `autoload_psr4.php`. */
const namespaceRow = /^\s*["']([\w\\]+)["']\s*=>\s*array\(([^)]*)\)/;
const folderInRow = /\$(baseDir|vendorDir)\s*\.\s*["']([^"']*)["']|\$(baseDir)/g;
const className = String.raw`(\\?[A-Z]\w*(?:\\\w+)*)`;
const declared = new RegExp(String.raw`^\s*(?:\w+\s+)*(?:class|interface|trait|enum)\s+\w+`);
const made = new RegExp(String.raw`\bnew\s+${className}|(?<![\w\\$>])${className}::(?!class\b)`, "g");

/**
 * `require` and `include` of paths that are made from strings and `__DIR__`; also the files that Composer always loads, its table of
 * namespaces, and the classes that are used (of those only named by `use` nothing is loaded).
 */
export function scanPhp(content: Uint8Array): SourceFact {
  const source = sourceText(content);
  const loads = new SourceLoads();
  let functionIndent = -1;
  let namespace = "";
  /** Short names that `use` brings in. */
  const imported = new Map<string, string>();
  const full = (name: string): string => {
    if (name.startsWith("\\")) return name.slice(1);
    const [first = "", ...rest] = name.split("\\");
    const known = imported.get(first);
    return known !== undefined ? [known, ...rest].join("\\") : namespace === "" ? name : `${namespace}\\${name}`;
  };
  const addClass = (name: string, number: number, lazy: boolean): void => {
    if (!/^(?:self|static|parent)$/i.test(name)) loads.add("class", full(name), number, lazy);
  };
  for (const [line, number] of relevantLines(source, relevant)) {
    if (/^\s*(?:#|\/\/|\*)/.test(line)) continue;
    const indent = line.length - line.trimStart().length;
    if (functionIndent >= 0 && /^\s*\}/.test(line) && indent <= functionIndent) functionIndent = -1;
    if (functionIndent < 0 && /^\s*(?:\w+\s+)*function\s+\w|\bfunction\s*\(.*\{\s*$/.test(line)) functionIndent = indent;
    const row = namespaceRow.exec(line);
    if (row) {
      // The table lies in vendor/composer.
      for (const [, root, path = "", base] of (row[2] ?? "").matchAll(folderInRow))
        loads.add(
          "namespace",
          `${(row[1] ?? "").replaceAll("\\\\", "\\")}=${(base ?? root) === "baseDir" ? "../.." : ".."}${path}`,
          number,
        );
      continue;
    }
    const file = listed.exec(line)?.[1];
    if (file !== undefined) addPath(loads, file, number, false);
    namespace = /^namespace\s+([\w\\]+)/.exec(line)?.[1] ?? namespace;
    const use = /^\s*use\s+(?!function\b|const\b|\()([^;({]+)(?:\{([^}]*)\})?/.exec(line);
    if (use && indent === 0) {
      for (const one of use[2] === undefined
        ? (use[1] ?? "").split(",")
        : use[2].split(",").map((part) => (use[1] ?? "").trim() + part.trim())) {
        const [, name = "", alias] = /^\s*\\?([\w\\]+?)(?:\s+as\s+(\w+))?\s*$/.exec(one) ?? [];
        if (name !== "") imported.set(alias ?? name.slice(name.lastIndexOf("\\") + 1), name);
      }
      continue;
    }
    // A trait within a class.
    if (use && functionIndent < 0)
      for (const name of (use[1] ?? "").split(",")) if (/^\s*[\\\w]+\s*$/.test(name)) addClass(name.trim(), number, false);
    if (declared.test(line))
      for (const [, names = ""] of line.matchAll(/\b(?:extends|implements)\s+([\w\\,\s]+)/g))
        for (const name of names.replace(/\bimplements\b/g, ",").split(",")) if (name.trim() !== "") addClass(name.trim(), number, false);
    for (const [, constructed, called] of line.replace(/"[^"]*"|'[^']*'/g, "").matchAll(made))
      addClass(constructed ?? called ?? "", number, functionIndent >= 0);
    for (const [, expression = ""] of line.matchAll(included)) addPath(loads, expression, number, functionIndent >= 0);
  }
  return loads.fact("php", source);
}

/** A sum of strings, `__DIR__` and `dirname(__DIR__, n)`. */
function addPath(loads: SourceLoads, expression: string, number: number, lazy: boolean): void {
  let path = "";
  let fromFile = false;
  for (const [token, text, up, times] of expression.matchAll(
    /["']([^"'$]*)["']|(dirname)\(\s*__(?:DIR|FILE)__\s*(?:,\s*(\d))?\s*\)|__DIR__|[\s.()]+|[^\s.()]+/g,
  )) {
    if (text !== undefined) path += text;
    else if (up !== undefined) {
      fromFile = true;
      // `dirname(__FILE__)` is the file's own folder.
      if (!token.includes("__FILE__")) path += "/..".repeat(Number(times ?? 1));
    } else if (token === "__DIR__") fromFile = true;
    else if (!/^[\s.()]+$/.test(token)) return;
  }
  if (path !== "") loads.add(fromFile ? "file" : "path", path.replace(/^\/+/, fromFile ? "" : "/"), number, lazy);
}
