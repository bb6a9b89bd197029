import type { BuildStage, Dockerfile, ProvableFact } from "./dockerfile.ts";
import { parseDockerignore } from "./dockerignore.ts";
import { effectiveConfig, joinPath } from "./effectiveConfig.ts";
import type { BuildContextFiles } from "./buildContextFiles.ts";
import { shellCommands } from "./shellCommands.ts";
import { execForm, splitWords } from "./words.ts";

/** The script that ENTRYPOINT and CMD start, found in the build context, and the packages that it imports by name. */
export function entryScriptFacts(dockerfile: Dockerfile, chain: readonly BuildStage[], context: BuildContextFiles): ProvableFact[] {
  const last = chain.at(-1);
  const instruction = last?.instructions.findLast(({ keyword }) => keyword === "ENTRYPOINT" || keyword === "CMD");
  if (!last || !instruction) return [];
  const { entrypoint, cmd, workingDir, unknown } = effectiveConfig(dockerfile, last.index);
  if (unknown.includes("entrypoint") && instruction.keyword === "ENTRYPOINT") return [];
  const command = innerCommand([...entrypoint, ...cmd]);
  const script = scriptOf(command);
  if (!script) return [];
  const dir = unknown.includes("workingDir") ? "/" : workingDir || "/";
  const copies = contextCopies(chain);
  for (const candidate of script.candidates) {
    const source = sourceOf(joinPath(dir, candidate), copies, context);
    const text = source === undefined ? undefined : context.read(source);
    if (source === undefined || text === undefined) continue;
    const imports = importedPackages(text.slice(0, maxScriptLength), source, context);
    const named = imports.length > 0 ? ` → ${imports.slice(0, maxShown).join(", ")}${imports.length > maxShown ? ", …" : ""}` : "";
    return [
      {
        range: instruction.range,
        summary: `starts ${source}${named}`,
        reason: [`${source} of the build context is what the command runs`, importSentence(imports)].join(""),
      },
    ];
  }
  return [];
}

function importSentence(imports: readonly string[]): string {
  return imports.length === 0 ? "." : `; it imports ${imports.join(", ")} by name, so they are loaded at startup.`;
}

const maxScriptLength = 512 * 1024;
const maxShown = 5;

/** The command inside `sh -c …`, behind `exec` and behind programs that only start another. */
function innerCommand(argv: readonly string[]): readonly string[] {
  let words = argv;
  for (let depth = 0; depth < 5; depth++) {
    const program = words[0]?.split("/").pop() ?? "";
    if (/^(?:sh|bash|dash|ash)$/.test(program) && /^-[a-z]*c$/.test(words[1] ?? "")) words = shellCommands(words[2] ?? "").at(-1) ?? [];
    else if (/^(?:env|tini|dumb-init|catatonit|exec)$/.test(program)) {
      const next = words.findIndex((word, index) => index > 0 && !word.startsWith("-") && !/^\w+=/.test(word));
      words = next < 0 ? [] : words.slice(next);
    } else break;
  }
  return words;
}

/** Files that the command may mean, most likely first, relative to the working folder. */
function scriptOf(argv: readonly string[]): { readonly candidates: readonly string[] } | undefined {
  const program = argv[0]?.split("/").pop() ?? "";
  const words = argv.slice(1);
  const module = (name: string): { candidates: readonly string[] } => {
    const path = name.replaceAll(".", "/");
    return { candidates: [`${path}.py`, `${path}/__main__.py`, `${path}/__init__.py`] };
  };
  if (/^(?:sh|bash|dash|ash)$/.test(program)) {
    const script = words.find((word) => !/^[-+]/.test(word));
    return script === undefined ? undefined : { candidates: [script] };
  }
  if (/^(?:python|pypy)[\d.]*$/.test(program)) {
    const at = words.findIndex((word) => !/^-[bBdEhiIOqsSuvVx]+$/.test(word));
    if (words[at] === "-m") return appOf(words[at + 1] ?? "", words.slice(at + 2)) ?? module(words[at + 1] ?? "");
    return at < 0 || words[at]?.startsWith("-") ? undefined : { candidates: [words[at] ?? ""] };
  }
  if (/^(?:node|nodejs|deno|bun|tsx|ts-node)$/.test(program)) {
    const script = words.find((word) => !word.startsWith("-") && word !== "run");
    return script === undefined ? undefined : { candidates: [script, `${script}.js`, `${script}/index.js`] };
  }
  const app = appOf(program, words);
  if (app) return app;
  return /\.(?:py|js|mjs|cjs|sh)$/.test(argv[0] ?? "") || /^\.?\//.test(argv[0] ?? "") ? { candidates: [argv[0] ?? ""] } : undefined;
}

/** Servers that are told `module:app`. */
function appOf(program: string, words: readonly string[]): { readonly candidates: readonly string[] } | undefined {
  if (!/^(?:gunicorn|uvicorn|hypercorn|daphne|granian|waitress-serve)$/.test(program)) return undefined;
  const app = words.find((word) => /^[A-Za-z_][\w.]*:[\w.()]+$/.test(word));
  if (app === undefined) return undefined;
  const path = (app.split(":")[0] ?? "").replaceAll(".", "/");
  return { candidates: [`${path}.py`, `${path}/__init__.py`] };
}

interface ContextCopy {
  readonly sources: readonly string[];
  /** Absolute in the image. */
  readonly dest: string;
  readonly destIsFolder: boolean;
}

function contextCopies(chain: readonly BuildStage[]): readonly ContextCopy[] {
  const copies: ContextCopy[] = [];
  let workingDir = "/";
  for (const { keyword, argumentText, flags } of chain.flatMap((stage) => stage.instructions)) {
    if (keyword === "WORKDIR") workingDir = joinPath(workingDir, argumentText);
    if ((keyword !== "COPY" && keyword !== "ADD") || flags["from"] !== undefined) continue;
    const words = execForm(argumentText) ?? splitWords(argumentText);
    const dest = words.at(-1);
    if (dest === undefined || words.length < 2 || words.some((word) => word.includes("$"))) continue;
    copies.push({
      sources: words.slice(0, -1),
      dest: joinPath(workingDir, dest),
      destIsFolder: words.length > 2 || /(?:^|\/)\.?$/.test(dest),
    });
  }
  // The last one to write a path wins.
  return copies.toReversed();
}

/** The file of the context that ends up at this path of the image. */
function sourceOf(path: string, copies: readonly ContextCopy[], context: BuildContextFiles): string | undefined {
  const ignoreText = context.read(".dockerignore");
  const ignore = ignoreText === undefined ? undefined : parseDockerignore(ignoreText);
  for (const { sources, dest, destIsFolder } of copies) {
    for (const source of sources) {
      const from = joinPath("/", source).slice(1);
      const name = from.split("/").pop() ?? "";
      const candidates = [
        path === dest && !destIsFolder ? from : undefined,
        destIsFolder && path === joinPath(dest, name) ? from : undefined,
        // A folder's content goes into the destination, not the folder itself.
        path.startsWith(dest === "/" ? "/" : `${dest}/`)
          ? joinPath(from === "" ? "/" : `/${from}`, path.slice(dest.length).replace(/^\//, "")).slice(1)
          : undefined,
        /[*?[]/.test(name) && path.startsWith(dest === "/" ? "/" : `${dest}/`)
          ? joinPath(`/${from.split("/").slice(0, -1).join("/")}`, path.slice(dest.length).replace(/^\//, "")).slice(1)
          : undefined,
      ];
      const found = candidates.find(
        (candidate) => candidate !== undefined && candidate !== "" && context.exists(candidate) && ignore?.ignores(candidate) !== true,
      );
      if (found !== undefined && context.read(found) !== undefined) return found;
    }
  }
  return undefined;
}

/** Top-level names that the text imports and that are no files beside it, in order of first mention. */
function importedPackages(text: string, source: string, context: BuildContextFiles): readonly string[] {
  const isJavaScript = /\.[cm]?js$/.test(source) || /^#!.*\bnode\b/.test(text);
  const isPython = source.endsWith(".py") || /^#!.*\bpython/.test(text);
  if (!isJavaScript && !isPython) return [];
  const folder = source.split("/").slice(0, -1).join("/");
  const names = new Set<string>();
  for (const line of text.split("\n")) for (const name of isPython ? pythonImports(line) : javaScriptImports(line)) names.add(name);
  return [...names].filter((name) => {
    const beside = folder === "" ? name : `${folder}/${name}`;
    return (
      !context.exists(`${beside}.py`) &&
      !(isPython && context.exists(beside)) &&
      !(isPython && (context.exists(name) || context.exists(`${name}.py`)))
    );
  });
}

/** Only at the start of a line: further in it may not run. */
function pythonImports(line: string): readonly string[] {
  const from = /^from\s+([A-Za-z_]\w*)[\w.]*\s+import\b/.exec(line)?.[1];
  const list = from ?? /^import\s+([\w.,\s]+?)(?:#.*)?$/.exec(line)?.[1] ?? "";
  return list
    .split(",")
    .map((item) => /^\s*([A-Za-z_]\w*)/.exec(item)?.[1] ?? "")
    .filter((name) => name !== "" && !pythonStandard.has(name));
}

const pythonStandard = new Set(
  (
    "__future__ abc argparse array ast asyncio base64 bisect builtins calendar cmath codecs collections concurrent configparser contextlib contextvars copy csv ctypes " +
    "dataclasses datetime decimal difflib email enum errno fcntl fnmatch fractions functools gc getpass glob gzip hashlib heapq hmac html http importlib inspect io " +
    "ipaddress itertools json keyword locale logging math mimetypes multiprocessing numbers operator os pathlib pickle pkgutil platform pprint queue random re " +
    "resource select selectors shlex shutil signal site socket socketserver sqlite3 ssl stat statistics string struct subprocess sys sysconfig tarfile tempfile " +
    "textwrap threading time timeit tomllib traceback types typing unicodedata unittest urllib uuid venv warnings wave weakref xml xmlrpc zipfile zipimport zlib zoneinfo"
  ).split(" "),
);

function javaScriptImports(line: string): readonly string[] {
  const found = [
    ...line.matchAll(/\brequire\(\s*["']([^"'.\s/][^"'\s]*)["']\s*\)/g),
    ...line.matchAll(/^\s*(?:import|export)\b[^"']*["']([^"'.\s/][^"'\s]*)["']/g),
  ];
  return found
    .map((match) => match[1] ?? "")
    .filter((name) => !name.startsWith("node:") && !nodeBuiltin.has(name.split("/")[0] ?? ""))
    .map((name) =>
      name
        .split("/")
        .slice(0, name.startsWith("@") ? 2 : 1)
        .join("/"),
    );
}

const nodeBuiltin = new Set(
  "assert async_hooks buffer child_process cluster console crypto dgram diagnostics_channel dns domain events fs http http2 https inspector module net os path perf_hooks process punycode querystring readline repl stream string_decoder timers tls tty url util v8 vm worker_threads zlib".split(
    " ",
  ),
);
