import { describe, expect, test } from "vitest";
import type { FileFact } from "../../../src/facts/fileFact.ts";
import { estimateStartup } from "../../../src/startup/estimate.ts";
import { pythonRules } from "../../../src/startup/python/pythonRules.ts";
import type { StartupEstimate } from "../../../src/startup/startupSet.ts";
import { debianRoot, elf, program } from "../../fakes/elf.ts";
import { memoryCatalog, type MemoryFile } from "../../fakes/memoryCatalog.ts";

/** A CPython as python.org's images have it, with the least of a standard library. */
const python = {
  "/usr/local/bin/python": { link: "python3.11" },
  "/usr/local/bin/python3": { link: "python3.11" },
  "/usr/local/bin/python3.11": program(),
  "/usr/local/lib/python3.11/os.py": "",
  "/usr/local/lib/python3.11/encodings/__init__.py": "from . import aliases",
  "/usr/local/lib/python3.11/encodings/aliases.py": "",
  "/usr/local/lib/python3.11/encodings/utf_8.py": "",
  "/usr/local/lib/python3.11/json.py": "",
  "/usr/local/lib/python3.11/importlib/__init__.py": "def import_module(name, package=None): pass",
};
const site = "/usr/local/lib/python3.11/site-packages";

interface Setting {
  readonly cmd?: readonly string[];
  readonly env?: readonly string[];
}

function estimateOf(files: Readonly<Record<string, MemoryFile>>, { cmd = ["python", "main.py"], env = [] }: Setting): StartupEstimate {
  const catalog = memoryCatalog({ ...debianRoot, ...python, ...files });
  const question = {
    entrypoint: [],
    cmd,
    env: ["PATH=/usr/local/bin:/usr/bin", ...env],
    workingDir: "/app",
    user: "",
    chunkSizeBytes: 1 << 22,
  };
  return estimateStartup(catalog, question, 1);
}

/** Checks the opened files outside of the system and of the interpreter's own start; site-packages is written `~`. */
function check(name: string, files: Readonly<Record<string, MemoryFile>>, expected: readonly string[], setting: Setting = {}): void {
  test(name, () => {
    const opened = estimateOf(files, setting).files.map(({ path }) => path);
    const own = opened.filter(
      (path) => !/^\/(usr\/(lib|lib64|bin)\/|usr\/local\/bin\/python|usr\/local\/lib\/python3.11\/encodings\/|etc\/)/.test(path),
    );
    expect(own.map((path) => path.replace(site, "~"))).toEqual(expected);
  });
}

function pyc(flags: number, sourceMtimeEpochS: number, sourceSizeBytes: number): FileFact {
  return { kind: "pyc", flags, sourceMtimeEpochS, sourceSizeBytes };
}

describe("where modules are found", () => {
  check("beside the script, then in site-packages", { "/app/main.py": "import a, b, json", "/app/a.py": "", [`${site}/a.py`]: "", [`${site}/b/__init__.py`]: "" }, ["/app/a.py", "/app/main.py", "/usr/local/lib/python3.11/json.py", "~/b/__init__.py"]); // prettier-ignore
  check("in PYTHONPATH before the standard library", { "/app/main.py": "import json", "/lib1/json.py": "" }, ["/app/main.py", "/lib1/json.py"], { env: ["PYTHONPATH=/lib1"] }); // prettier-ignore
  check("not in PYTHONPATH with -I", { "/app/main.py": "import x", "/lib1/x.py": "" }, ["/app/main.py"], { cmd: ["python", "-I", "main.py"], env: ["PYTHONPATH=/lib1"] }); // prettier-ignore
  check("a virtual environment, whose link leads elsewhere", { "/venv/bin/python": { link: "/usr/local/bin/python" }, "/venv/pyvenv.cfg": "home = /usr/local/bin\ninclude-system-site-packages = false", "/venv/lib/python3.11/site-packages/x.py": "", [`${site}/y.py`]: "", "/app/main.py": "import x, y" }, ["/app/main.py", "/venv/lib/python3.11/site-packages/x.py", "/venv/pyvenv.cfg"], { cmd: ["/venv/bin/python", "main.py"] }); // prettier-ignore
  check("a console script of that environment", { "/venv/bin/python": { link: "/usr/local/bin/python" }, "/venv/bin/tool": "#!/venv/bin/python\nfrom x import main\nmain()", "/venv/pyvenv.cfg": "home = /usr/local/bin", "/venv/lib/python3.11/site-packages/x.py": "def main(): import y", "/venv/lib/python3.11/site-packages/y.py": "" }, ["/venv/bin/tool", "/venv/lib/python3.11/site-packages/x.py", "/venv/lib/python3.11/site-packages/y.py", "/venv/pyvenv.cfg"], { cmd: ["/venv/bin/tool"] }); // prettier-ignore
  check("path files: folders and import lines", { [`${site}/x.pth`]: "/src\nimport hook", [`${site}/hook.py`]: "", "/src/m.py": "", "/app/main.py": "import m" }, ["/app/main.py", "/src/m.py", "~/hook.py", "~/x.pth"]); // prettier-ignore
  check("namespace packages in several folders", { "/app/main.py": "import n.a, n.b", "/app/n/a.py": "", [`${site}/n/b.py`]: "" }, ["/app/main.py", "/app/n/a.py", "~/n/b.py"]); // prettier-ignore
  check("extension modules before sources, with their libraries", { "/app/main.py": "import e", [`${site}/e.cpython-311-x86_64-linux-gnu.so`]: elf({ needed: ["libe.so"], runpath: "$ORIGIN/e.libs" }), [`${site}/e.py`]: "", [`${site}/e.libs/libe.so`]: elf({ soname: "libe.so" }) }, ["/app/main.py", "~/e.cpython-311-x86_64-linux-gnu.so", "~/e.libs/libe.so"]); // prettier-ignore
  check("modules that an extension imports by name", { "/app/main.py": "import e", [`${site}/e.abi3.so`]: elf({ moduleNames: ["p.q"] }), [`${site}/p/__init__.py`]: "", [`${site}/p/q.py`]: "" }, ["/app/main.py", "~/e.abi3.so", "~/p/__init__.py", "~/p/q.py"]); // prettier-ignore
});

describe("compiled files", () => {
  const compiled = "/app/__pycache__/m.cpython-311.pyc";
  check("a valid one is read instead of its source", { "/app/main.py": "import m", "/app/m.py": "x = 1", [compiled]: pyc(0, 1_700_000_000, 5) }, [compiled, "/app/main.py"]); // prettier-ignore
  check("a stale one is read, and then the source", { "/app/main.py": "import m", "/app/m.py": "x = 1", [compiled]: pyc(0, 1, 5) }, [compiled, "/app/m.py", "/app/main.py"]); // prettier-ignore
  check("an unchecked hash is always valid", { "/app/main.py": "import m", "/app/m.py": "x = 1", [compiled]: pyc(1, 1, 1) }, [compiled, "/app/main.py"]); // prettier-ignore
  check("one of another version is not looked at", { "/app/main.py": "import m", "/app/m.py": "", "/app/__pycache__/m.cpython-312.pyc": pyc(0, 1, 1) }, ["/app/m.py", "/app/main.py"]); // prettier-ignore
});

describe("what runs at import", () => {
  const others = { "/app/a.py": "", "/app/b.py": "", "/app/c.py": "" };
  const main = (source: string): Record<string, MemoryFile> => ({ ...others, "/app/main.py": source });
  check("not what only type checkers see, nor other platforms", main("if TYPE_CHECKING: import a\nif sys.platform == 'win32': import b\nelse: import c"), ["/app/c.py", "/app/main.py"]); // prettier-ignore
  check("the fallback of an import that fails", main("try:\n  import missing\n  import a\nexcept ImportError:\n  import b"), ["/app/b.py", "/app/main.py"]); // prettier-ignore
  check("not the fallback of one that succeeds", main("try: import a\nexcept ImportError: import b\nelse: import c"), ["/app/a.py", "/app/c.py", "/app/main.py"]); // prettier-ignore
  check("a module fails when one that it needs is missing", { ...main("try: import broken\nexcept ImportError: import b"), "/app/broken.py": "import missing" }, ["/app/b.py", "/app/broken.py", "/app/main.py"]); // prettier-ignore
  check("functions that are called, not others", main("def f():\n  import a\ndef g():\n  import b\nf()"), ["/app/a.py", "/app/main.py"]); // prettier-ignore
  check("functions and methods of other modules, through bases", { ...main("from lib import Server\nServer().start()"), "/app/lib.py": "from base import Base\nclass Server(Base):\n  def hook(self): import b", "/app/base.py": "class Base:\n  def __init__(self): import a\n  def start(self): self.hook()" }, ["/app/a.py", "/app/b.py", "/app/base.py", "/app/lib.py", "/app/main.py"]); // prettier-ignore
  check("the part under __main__", main("if __name__ == '__main__':\n  import a\nelse:\n  import b"), ["/app/a.py", "/app/main.py"]); // prettier-ignore
  check("imports by name", main("import importlib\nN = 'a'\nimportlib.import_module(N)\n__import__('b')"), ["/app/a.py", "/app/b.py", "/app/main.py", "/usr/local/lib/python3.11/importlib/__init__.py"]); // prettier-ignore
  check("only what is asked for of a lazy package", { "/app/main.py": "from lazy import A", [`${site}/lazy/__init__.py`]: "table = {'A': '.a', 'B': '.b'}\ndef __getattr__(name): ...", [`${site}/lazy/a.py`]: "", [`${site}/lazy/b.py`]: "" }, ["/app/main.py", "~/lazy/__init__.py", "~/lazy/a.py"]); // prettier-ignore
  check("what a module's __getattr__ does for the name", { "/app/main.py": "from p import A", [`${site}/p/__init__.py`]: "def __getattr__(name):\n  if name == 'A':\n    from .a import A\n  if name == 'B':\n    from .b import B", [`${site}/p/a.py`]: "", [`${site}/p/b.py`]: "" }, ["/app/main.py", "~/p/__init__.py", "~/p/a.py"]); // prettier-ignore
  check("circles end", { "/app/main.py": "import x", "/app/x.py": "import y\ndef f(): f()\nf()", "/app/y.py": "import x" }, ["/app/main.py", "/app/x.py", "/app/y.py"]); // prettier-ignore
});

describe("what no import statement names", () => {
  const parts = { "/app/p/__init__.py": "", "/app/p/a.py": "", "/app/p/b.py": "" };
  check("a list of names that a loop imports", { ...parts, "/app/main.py": "import importlib\nNAMES = ['a', 'b']\nfor name in NAMES:\n  importlib.import_module(f'p.{name}')" }, ["/app/main.py", "/app/p/__init__.py", "/app/p/a.py", "/app/p/b.py", "/usr/local/lib/python3.11/importlib/__init__.py"]); // prettier-ignore
  check("helpers that import by name, in libraries too", { "/app/main.py": "import lib", [`${site}/lib.py`]: "def optional_import(n): ...\noptional_import('extra')\nwarn_about('other')", [`${site}/extra.py`]: "", [`${site}/other.py`]: "" }, ["/app/main.py", "~/extra.py", "~/lib.py"]); // prettier-ignore
  check("methods of variables and of attributes", { "/app/main.py": "from lib import Server\nserver = Server()\nserver.start()", [`${site}/lib.py`]: "class Worker:\n  def work(self): import a\nclass Server:\n  def __init__(self): self.worker = Worker()\n  def start(self): self.worker.work()", [`${site}/a.py`]: "" }, ["/app/main.py", "~/a.py", "~/lib.py"]); // prettier-ignore
  check("what a metaclass does when a class is made", { "/app/main.py": "from lib import Base\nclass Mine(Base): pass", [`${site}/lib.py`]: "class Meta(type):\n  def __new__(mcs, *a): import a\nclass Base(metaclass=Meta): pass", [`${site}/a.py`]: "" }, ["/app/main.py", "~/a.py", "~/lib.py"]); // prettier-ignore
  check("plugins that packages register", { "/app/main.py": "from importlib.metadata import entry_points\nentry_points(group='x.plugins')", "/usr/local/lib/python3.11/importlib/metadata.py": "", [`${site}/plug.py`]: "", [`${site}/other.py`]: "", [`${site}/plug-1.dist-info/entry_points.txt`]: "[x.plugins]\none = plug:run\n[y]\ntwo = other" }, ["/app/main.py", "/usr/local/lib/python3.11/importlib/__init__.py", "/usr/local/lib/python3.11/importlib/metadata.py", "~/plug-1.dist-info/entry_points.txt", "~/plug.py"]); // prettier-ignore
  check("a package that asks for the compiled module of its own name", { "/app/main.py": "import own", [`${site}/own/__init__.py`]: "def load():\n  import importlib\n  importlib.import_module('own')\nload()", [`${site}/own/own.abi3.so`]: elf({}), [`${site}/own/other.abi3.so`]: elf({}) }, ["/app/main.py", "/usr/local/lib/python3.11/importlib/__init__.py", "~/own/__init__.py", "~/own/own.abi3.so"]); // prettier-ignore
  check("variables of .env", { "/app/main.py": "import os\nfrom dotenv import load_dotenv\nload_dotenv()\nopen(os.environ['MODEL'])", "/app/.env": "MODEL='/m/x.onnx'", "/m/x.onnx": "x", "/m/x.onnx.data": "x", [`${site}/dotenv.py`]: "def load_dotenv(): ..." }, ["/app/.env", "/app/main.py", "/m/x.onnx", "/m/x.onnx.data", "~/dotenv.py"]); // prettier-ignore
  check("functions registered for the start", { "/app/main.py": "from lib import App\napp = App()\n@app.before_server_start\nasync def prepare(app):\n  import a", "/app/a.py": "", [`${site}/lib.py`]: "class App: pass" }, ["/app/a.py", "/app/main.py", "~/lib.py"]); // prettier-ignore
});

describe("until the first request", () => {
  const requestFiles = (source: string, files: Readonly<Record<string, MemoryFile>> = {}): readonly string[] =>
    estimateOf({ "/app/main.py": source, "/app/a.py": "", "/app/b.py": "", ...files }, {}).requestFiles.map(({ path }) => path);

  test("a handler's imports come with the request", () => {
    expect(requestFiles("import b\n@app.get('/x')\ndef x():\n  import a")).toEqual(["/app/a.py"]);
  });
  test("a probe's handler runs until ready", () => {
    expect(requestFiles("@app.get('/healthz')\ndef x():\n  import a")).toEqual([]);
  });
  test("the script of streamlit runs for a visitor", () => {
    const files = estimateOf({ "/app/main.py": "import a", "/app/a.py": "", "/usr/local/bin/streamlit": "#!/usr/local/bin/python3\nimport sys" }, { cmd: ["streamlit", "run", "main.py"] }); // prettier-ignore
    expect(files.requestFiles.map(({ path }) => path)).toEqual(["/app/a.py"]);
  });
});

describe("ways to start", () => {
  check("the chosen command of a click group", { "/usr/local/bin/tool": "#!/usr/local/bin/python3\nfrom t import cli\ncli()", [`${site}/t.py`]: "@click.group()\ndef cli(): pass\n@cli.command()\ndef serve_http():\n  import a\n@cli.command()\ndef train():\n  import b", [`${site}/a.py`]: "", [`${site}/b.py`]: "" }, ["/usr/local/bin/tool", "~/a.py", "~/t.py"], { cmd: ["tool", "serve"] }); // prettier-ignore
  check("uv run, in the project's environment", { "/usr/local/bin/uv": elf({}), "/app/pyproject.toml": "", "/app/.venv/pyvenv.cfg": "home = /usr/local/bin", "/app/.venv/bin/python": { link: "/usr/local/bin/python" }, "/app/.venv/bin/tool": "#!/app/.venv/bin/python\nimport x", "/app/.venv/lib/python3.11/site-packages/x.py": "" }, ["/app/.venv/bin/tool", "/app/.venv/lib/python3.11/site-packages/x.py", "/app/.venv/pyvenv.cfg", "/app/pyproject.toml", "/usr/local/bin/uv"], { cmd: ["uv", "run", "--frozen", "tool"] }); // prettier-ignore
  check("torchrun with a module", { "/usr/local/bin/torchrun": "#!/usr/local/bin/python3\nimport sys", "/app/r/__init__.py": "", "/app/r/serve.py": "import x", [`${site}/x.py`]: "" }, ["/app/r/__init__.py", "/app/r/serve.py", "/usr/local/bin/torchrun", "~/x.py"], { cmd: ["torchrun", "--nproc-per-node=2", "--module", "r.serve"] }); // prettier-ignore
  check("-m with a package", { "/app/p/__init__.py": "", "/app/p/__main__.py": "from . import x", "/app/p/x.py": "" }, ["/app/p/__init__.py", "/app/p/__main__.py", "/app/p/x.py"], { cmd: ["python", "-um", "p"] }); // prettier-ignore
  check("-c", { "/app/a.py": "" }, ["/app/a.py"], { cmd: ["python3", "-c", "import a"] });
  check("--version starts nothing", { "/app/a.py": "" }, [], { cmd: ["python3", "--version"] });
  check("gunicorn: application, worker and settings", { "/usr/local/bin/gunicorn": "#!/usr/local/bin/python3\nfrom gunicorn.app import run\nrun()", [`${site}/gunicorn/__init__.py`]: "", [`${site}/gunicorn/app.py`]: "def run(): pass", [`${site}/gunicorn/workers/__init__.py`]: "", [`${site}/gunicorn/workers/gthread.py`]: "", "/app/gunicorn.conf.py": "import tuning", "/app/tuning.py": "", "/app/web.py": "import views", "/app/views.py": "" }, ["/app/gunicorn.conf.py", "/app/tuning.py", "/app/views.py", "/app/web.py", "/usr/local/bin/gunicorn", "~/gunicorn/__init__.py", "~/gunicorn/app.py", "~/gunicorn/workers/__init__.py", "~/gunicorn/workers/gthread.py"], { cmd: ["gunicorn", "--threads=4", "web:app"] }); // prettier-ignore
  check("a wrapper's command", { "/usr/local/bin/ddtrace-run": "#!/usr/local/bin/python3\nimport a", "/app/main.py": "import b", [`${site}/a.py`]: "", "/app/b.py": "" }, ["/app/b.py", "/app/main.py", "/usr/local/bin/ddtrace-run", "~/a.py"], { cmd: ["ddtrace-run", "python", "main.py"] }); // prettier-ignore
  check("Django's settings name its parts", { "/app/main.py": "import os, django\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'proj.settings')", [`${site}/django/__init__.py`]: "", "/app/proj/__init__.py": "", "/app/proj/settings.py": "INSTALLED_APPS = ['shop']\nROOT_URLCONF = 'proj.urls'\nMIDDLEWARE = ['proj.mid.One']", "/app/proj/urls.py": "", "/app/proj/mid.py": "", "/app/shop/__init__.py": "", "/app/shop/models.py": "" }, ["/app/main.py", "/app/proj/__init__.py", "/app/proj/mid.py", "/app/proj/settings.py", "/app/proj/urls.py", "/app/shop/__init__.py", "/app/shop/models.py", "~/django/__init__.py"]); // prettier-ignore
});

describe("paths", () => {
  check("that code builds", { "/app/main.py": "from pathlib import Path\nBASE = Path(__file__).parent\nopen(BASE / 'data' / 'x.bin')", "/app/data/x.bin": "x" }, ["/app/data/x.bin", "/app/main.py"]); // prettier-ignore
  check("from the environment", { "/app/main.py": "import os\nload(os.environ['MODEL'])", "/m/model.bin": "x" }, ["/app/main.py", "/m/model.bin"], { env: ["MODEL=/m/model.bin"] }); // prettier-ignore
  check("a model folder: shards of its index", { "/app/main.py": "load('/m/llm')", "/m/llm/config.json": "{}", "/m/llm/model.safetensors.index.json": '{"weight_map":{"a":"1.safetensors"}}', "/m/llm/1.safetensors": "x", "/m/llm/2.safetensors": "x", "/m/llm/readme.md": "x" }, ["/app/main.py", "/m/llm/1.safetensors", "/m/llm/config.json", "/m/llm/model.safetensors.index.json"]); // prettier-ignore
  check("a pickled file and its classes", { "/app/main.py": "import joblib\njoblib.load('/app/m.pkl')", "/app/m.pkl": "cskl.tree\nTree\nq.", [`${site}/skl/__init__.py`]: "", [`${site}/skl/tree.py`]: "" }, ["/app/m.pkl", "/app/main.py", "~/skl/__init__.py", "~/skl/tree.py"]); // prettier-ignore
});

test("every file says by which rule and why", () => {
  const { files } = estimateOf({ "/app/main.py": "\nimport a", "/app/a.py": "" }, {});
  expect(files.find(({ path }) => path === "/app/a.py")).toMatchObject({ rule: "py-import", evidence: "main.py:2 → a", probability: 1 });
  for (const { rule } of files.filter((file) => file.rule.startsWith("py-"))) expect(Object.keys(pythonRules)).toContain(rule);
});

test("programs started from code are flagged and followed", () => {
  const estimate = estimateOf(
    { "/app/main.py": "import subprocess\nsubprocess.run(['mkdir', '/x'])", "/usr/lib/x86_64-linux-gnu/libselinux.so.1": elf() },
    {},
  );
  expect(estimate.flags.map(({ code }) => code)).toContain("spawned-process");
  expect(estimate.files.map(({ path }) => path)).toContain("/usr/bin/mkdir");
});

test("names that only running would tell are flagged", () => {
  const estimate = estimateOf({ "/app/main.py": "import importlib\nimportlib.import_module(read())" }, {});
  expect(estimate.flags.map(({ code }) => code)).toContain("dynamic-import");
});

describe("programs that work names out", () => {
  const importlib = "/usr/local/lib/python3.11/importlib/__init__.py";
  const tool = "#!/usr/local/bin/python\nfrom tool.main import main\nmain()";
  check("argparse: the class that is named after the subcommand runs", { "/usr/local/bin/tool": tool, [`${site}/tool/__init__.py`]: "", [`${site}/tool/main.py`]: 'import importlib\nCOMMANDS = ["tool.serve", "tool.bench"]\ndef main():\n  for module in COMMANDS:\n    importlib.import_module(module)', [`${site}/tool/serve.py`]: "class ServeCommand:\n  def run(self):\n    from . import server", [`${site}/tool/bench.py`]: "class BenchCommand:\n  def run(self):\n    from . import load", [`${site}/tool/server.py`]: "", [`${site}/tool/load.py`]: "" }, ["/usr/local/bin/tool", importlib, "~/tool/__init__.py", "~/tool/bench.py", "~/tool/main.py", "~/tool/serve.py", "~/tool/server.py"], { cmd: ["tool", "serve"] }); // prettier-ignore
  check("the target of a process that a library starts runs", { "/app/main.py": "from lib import start\nstart()", [`${site}/lib.py`]: 'import multiprocessing\ndef work():\n  import worker\ndef start():\n  multiprocessing.get_context("spawn").Process(target=work, daemon=True).start()', [`${site}/worker.py`]: "" }, ["/app/main.py", "~/lib.py", "~/worker.py"]); // prettier-ignore
  check("arguments decide which module is imported and which file is read", { "/app/main.py": 'import os\nimport models\nfolder = os.environ.get("FOLDER", "data")\nmodel = models.load(os.environ.get("MODEL", "small"), folder)', "/app/models.py": 'from importlib import import_module\n_modules = {"small": "small", "large": "large"}\ndef load(name, folder):\n  return import_module(_modules[name]).load(folder)', "/app/small.py": 'def load(folder):\n  return open(f"{folder}/small.bin")', "/app/large.py": "", "/app/data/small.bin": { sizeBytes: 10 }, "/app/data/large.bin": { sizeBytes: 10 } }, ["/app/data/small.bin", "/app/main.py", "/app/models.py", "/app/small.py", importlib]); // prettier-ignore
  check("the same with another argument", { "/app/main.py": 'import models\nmodel = models.load(name="large")', "/app/models.py": 'from importlib import import_module\ndef load(name="small"):\n  return import_module(name)', "/app/small.py": "", "/app/large.py": "" }, ["/app/large.py", "/app/main.py", "/app/models.py", importlib]); // prettier-ignore
  check("a server's own package holds a module for each model", { "/usr/local/bin/tool": tool, [`${site}/tool/__init__.py`]: "", [`${site}/tool/main.py`]: "from . import models\ndef main(): pass", [`${site}/tool/models/__init__.py`]: "", [`${site}/tool/models/tiny_llama.py`]: "", [`${site}/tool/models/other.py`]: "", "/models/m/config.json": '{"architectures":["TinyLlamaForCausalLM"]}' }, ["/models/m/config.json", "/usr/local/bin/tool", "~/tool/__init__.py", "~/tool/main.py", "~/tool/models/__init__.py", "~/tool/models/tiny_llama.py"], { cmd: ["tool", "serve", "/models/m"] }); // prettier-ignore
  check("a script of older setuptools calls an entry point", { "/usr/local/bin/tool": "#!/usr/local/bin/python\nfrom pkg_resources import load_entry_point\nload_entry_point('tool==1', 'console_scripts', 'tool')()", [`${site}/tool-1.egg-info/entry_points.txt`]: "[console_scripts]\ntool = tool:main\n", [`${site}/tool.py`]: "def main(): import x", [`${site}/x.py`]: "" }, ["/usr/local/bin/tool", "~/tool.py", "~/x.py"], { cmd: ["tool"] }); // prettier-ignore
});

describe("what installed packages bring", () => {
  check("editable installs map packages to folders", { [`${site}/__editable__.lib-1.pth`]: "import __editable___lib_1_finder; __editable___lib_1_finder.install()", [`${site}/__editable___lib_1_finder.py`]: "MAPPING: dict[str, str] = {'lib': '/src/lib'}\ndef install(): pass", "/src/lib/__init__.py": "from . import part", "/src/lib/part.py": "", "/app/main.py": "import lib" }, ["/app/main.py", "/src/lib/__init__.py", "/src/lib/part.py", "~/__editable__.lib-1.pth", "~/__editable___lib_1_finder.py"]); // prettier-ignore
  check("a Cython source tells what the module beside it imports", { "/app/main.py": "import e", [`${site}/e.cpython-311-x86_64-linux-gnu.so`]: elf({}), [`${site}/e.pyx`]: "cimport c\nfrom d cimport x\ntry:\n    import a.b\nexcept ImportError:\n    pass\ncdef f():\n    import z\n", [`${site}/a/__init__.py`]: "", [`${site}/a/b.py`]: "", [`${site}/c.py`]: "", [`${site}/d.py`]: "", [`${site}/z.py`]: "" }, ["/app/main.py", "~/a/__init__.py", "~/a/b.py", "~/e.cpython-311-x86_64-linux-gnu.so"]); // prettier-ignore
  check("importlib.resources of a package that has little data", { "/app/main.py": 'from importlib import resources\nfrom lib import words', [`${site}/lib/__init__.py`]: 'from importlib import resources\nwords = resources.files("lib.data").joinpath("words.txt").read_text()', [`${site}/lib/data/__init__.py`]: "", [`${site}/lib/data/words.txt`]: { sizeBytes: 10 } }, ["/app/main.py", "/usr/local/lib/python3.11/importlib/__init__.py", "~/lib/__init__.py", "~/lib/data/words.txt"]); // prettier-ignore
  check("what pkg_resources bundles and reads", { "/app/main.py": "import pkg_resources", [`${site}/pkg_resources/__init__.py`]: "from pkg_resources.extern import packaging", [`${site}/pkg_resources/extern/__init__.py`]: "", [`${site}/pkg_resources/_vendor/__init__.py`]: "", [`${site}/pkg_resources/_vendor/packaging.py`]: "", [`${site}/x-1.egg-info/PKG-INFO`]: "Name: x\nVersion: 1\n", [`${site}/y-1.dist-info/METADATA`]: "Name: y\nVersion: 1\n" }, ["/app/main.py", "~/pkg_resources/__init__.py", "~/pkg_resources/_vendor/packaging.py", "~/pkg_resources/extern/__init__.py", "~/x-1.egg-info/PKG-INFO"]); // prettier-ignore
  check("a library that a package ships and looks for itself", { "/app/main.py": "import boost", [`${site}/boost/__init__.py`]: "import ctypes\ndef _load():\n  return ctypes.CDLL(find()[0])\n_load()", [`${site}/boost/lib/libboost.so`]: elf({ soname: "libboost.so" }) }, ["/app/main.py", "~/boost/__init__.py", "~/boost/lib/libboost.so"]); // prettier-ignore
  check("an import from C of a package that needs the extension waits for a call", { "/app/main.py": "import p.a.e", [`${site}/p/__init__.py`]: "", [`${site}/p/a/__init__.py`]: "", [`${site}/p/a/e.abi3.so`]: elf({ moduleNames: ["cython_runtime", "p.b", "p.c"] }), [`${site}/p/b/__init__.py`]: "", [`${site}/p/b/x.py`]: "from p.a import e", [`${site}/p/c.py`]: "" }, ["/app/main.py", "~/p/__init__.py", "~/p/a/__init__.py", "~/p/a/e.abi3.so", "~/p/c.py"]); // prettier-ignore
});

test("a model folder below the root, with its vocabulary", () => {
  const model = {
    "/model/config.json": "{}",
    "/model/model.bin": { sizeBytes: 5_000_000 },
    "/model/shared_vocabulary.json": "[]",
    "/model/notes.md": "x",
  };
  const opened = estimateOf({ "/app/main.py": "", ...model }, { cmd: ["python", "main.py", "--model", "/model"] }).files.map(
    ({ path }) => path,
  );
  expect(opened.filter((path) => path.startsWith("/model/"))).toEqual([
    "/model/config.json",
    "/model/model.bin",
    "/model/shared_vocabulary.json",
  ]);
});

test("an ONNX model's tensors lie where it says", () => {
  const entry = Buffer.from("\n\x08location\x12\x07w.00001", "latin1");
  const files = { "/app/main.py": 'import onnxruntime\nsession = onnxruntime.InferenceSession("/m/model.onnx")', "/m/model.onnx": Buffer.concat([Buffer.alloc(1000), entry]), "/m/w.00001": { sizeBytes: 5_000_000 }, "/m/w.00002": { sizeBytes: 5_000_000 } }; // prettier-ignore
  const opened = estimateOf(files, {}).files.map(({ path }) => path);
  expect(opened.filter((path) => path.startsWith("/m/"))).toEqual(["/m/model.onnx", "/m/w.00001"]);
});

test.each([
  ["an archive of modules", { "/app/main.pyz": Buffer.from("PK\x03\x04") }, "main.pyz", "script-not-read"],
  ["code that is made up", { "/app/main.py": "import sys\ncode = sys.stdin.read()\nexec(code)" }, "main.py", "dynamic-import"],
  ["code from the network", { "/app/main.py": 'import torch\nmodel = torch.hub.load("a/b", "c")' }, "main.py", "dynamic-import"],
])("what cannot be followed is said: %s", (_name, files, script, code) => {
  const { flags } = estimateOf(files, { cmd: ["python", script] });
  expect(flags.map((flag) => flag.code)).toContain(code);
});

test("templates that a handler names are read at the first request, with their base", () => {
  const app =
    'from flask import Flask, render_template\napp = Flask(__name__)\n@app.get("/")\ndef index():\n  return render_template("index.html", n=1)\n';
  const templates = { "/app/templates/index.html": "x", "/app/templates/base.html": "x", "/app/templates/other.html": "x" };
  const { files, requestFiles } = estimateOf({ "/app/main.py": app, ...templates, [`${site}/flask/__init__.py`]: "" }, {});
  expect(files.filter(({ path }) => path.endsWith(".html"))).toEqual([]);
  expect(requestFiles.map(({ path }) => path)).toEqual(["/app/templates/base.html", "/app/templates/index.html"]);
});
