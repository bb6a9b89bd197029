import { expect, test } from "vitest";
import { estimateStartup } from "../../../src/startup/estimate.ts";
import { debianRoot, program } from "../../fakes/elf.ts";
import { memoryCatalog, type MemoryFile } from "../../fakes/memoryCatalog.ts";

const site = "/usr/local/lib/python3.11/site-packages";
const root: Readonly<Record<string, MemoryFile>> = {
  ...debianRoot,
  "/usr/local/bin/python3.11": program(),
  "/usr/local/lib/python3.11/os.py": "",
  "/usr/local/lib/python3.11/encodings/__init__.py": "",
  "/app/a.py": "",
  "/app/b.py": "",
  [`${site}/web.py`]: "class App: pass\ndef run_in_threadpool(f): ...\ndef Thread(target): ...",
};

/** The modules a and b that are opened until ready, and at the first request. */
function check(name: string, source: string, expected: { readonly ready: string; readonly request: string }, more = {}): void {
  test(name, () => {
    const catalog = memoryCatalog({ ...root, ...more, "/app/main.py": source });
    const question = { entrypoint: [], cmd: ["python3.11", "main.py"], env: ["PATH=/usr/local/bin"], workingDir: "/app", user: "" };
    const { files, requestFiles } = estimateStartup(catalog, { ...question, chunkSizeBytes: 1 << 22 }, 1);
    const own = (list: readonly { readonly path: string }[]): string =>
      list.flatMap(({ path }) => /^\/app\/([ab])\.py$/.exec(path)?.[1] ?? []).join("");
    expect({ ready: own(files), request: own(requestFiles) }).toEqual(expected);
  });
}

const functions = "import web\ndef f():\n  import a\nclass C:\n  def __init__(self):\n    import b\n";
check("a class that a thread pool makes", `${functions}web.run_in_threadpool(C, 1)`, { ready: "b", request: "a" });
check("a function that a thread runs", `${functions}t = web.Thread(target=f)`, { ready: "a", request: "" });
check("a list of functions to start with", `${functions}app = web.App(on_startup=[f])`, { ready: "a", request: "" });
check("what is registered for the start", `${functions}app.add_event_handler("startup", f)`, { ready: "a", request: "" });
check("what is registered for the end", `${functions}app.add_event_handler("shutdown", f)`, { ready: "", request: "a" });
check("what is compared only", `${functions}x = isinstance(y, C)`, { ready: "", request: "a" });
check(
  "handlers within an application factory",
  "import web\ndef create():\n  app = web.App()\n  @app.post('/x')\n  def handle():\n    import a\n  return app\ncreate()",
  { ready: "", request: "a" },
);
check("commands of a command line are no handlers", `import typer\napp = typer.Typer()\n@app.command()\ndef migrate():\n  import a`, { ready: "", request: "" }, { [`${site}/typer.py`]: "class Typer: pass" }); // prettier-ignore

const library = (source: string): Readonly<Record<string, MemoryFile>> => ({ [`${site}/lib.py`]: source });
const branches = "\n  import a\nelse:\n  import b";
check("a switch that nothing sets", "import lib", { ready: "b", request: "" }, library(`try:\n  __SETUP__\nexcept NameError:\n  __SETUP__ = False\nif __SETUP__:${branches}`)); // prettier-ignore
check("an optional module that is there", "import lib", { ready: "a", request: "" }, library(`try:\n  import web\nexcept ImportError:\n  web = None\nif web is not None:${branches}`)); // prettier-ignore
check("an optional module that is missing", "import lib", { ready: "b", request: "" }, library(`try:\n  import nowhere\nexcept ImportError:\n  nowhere = None\nif nowhere:${branches}`)); // prettier-ignore
check("the version of a distribution", "import lib", { ready: "b", request: "" }, { ...library(`if PYDANTIC_V2:${branches}`), [`${site}/pydantic-1.10.2.dist-info/METADATA`]: "" }); // prettier-ignore
