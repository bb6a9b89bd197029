import { joinPath, textOf } from "../paths.ts";
import { loadCelery } from "./celery.ts";
import { djangoSettings, runDjangoCommand } from "./django.ts";
import { applicationWord, loadFor, share, type FrameworkRun } from "./frameworkRun.ts";
import type { ImportWalk } from "./importWalk.ts";
import { scanDistributions, scanEggInfos } from "./metadata.ts";
import { loadApplication, loadFastApi, loadFlask, loadGunicorn } from "./servers.ts";

/**
 * Servers and frameworks that find the application by their arguments or settings. A row fires when its program is started, or
 * when its module was imported; each loads modules that no import statement names, for the reason given.
 */
interface Framework {
  /** Name of the console script or module (`python -m name`). */
  readonly started?: RegExp;
  /** Or: a module whose import means that the framework runs. */
  readonly imported?: string;
  readonly reason: string;
  readonly modules?: readonly string[];
  readonly files?: readonly string[];
  /** Loaded only if another module is not there, or is there. */
  readonly modulesIf?: readonly { readonly present?: string; readonly absent?: string; readonly modules: readonly string[] }[];
  apply?(run: FrameworkRun): void;
}

const frameworks: readonly Framework[] = [
  {
    started: /^http\.server$/,
    reason: "the server resolves its address and guesses content types",
    modules: ["encodings.idna", "stringprep", "unicodedata"],
    files: ["/etc/nsswitch.conf", "/etc/host.conf", "/etc/gai.conf", "/etc/mime.types"],
  },
  {
    started: /^flask$/,
    reason: "flask looks for plugins and resolves its address",
    files: ["/etc/nsswitch.conf", "/etc/host.conf"],
    apply: (run) => scanDistributions(run.imports, share, "flask looks for plugins"),
  },
  {
    started: /^(uvicorn|gunicorn|hypercorn|daphne|waitress-serve|waitress|granian|uwsgi|robyn|sanic|litestar|bentoml)$/,
    reason: "the server imports the application that its arguments name",
    apply: loadApplication,
  },
  {
    started: /^gunicorn$/,
    reason: "gunicorn loads its worker by name and its settings file",
    modules: ["gunicorn.glogging", "gunicorn.arbiter", "gunicorn.app.wsgiapp", "gunicorn.http.wsgi"],
    apply: loadGunicorn,
  },
  {
    imported: "uvicorn",
    reason: "uvicorn chooses loop, protocols and lifespan by name",
    modules: [
      "uvicorn.loops.auto",
      "uvicorn.protocols.http.auto",
      "uvicorn.protocols.websockets.auto",
      "uvicorn.lifespan.on",
      "uvicorn.logging",
      "uvicorn.middleware.proxy_headers",
      "uvicorn.server",
      "multiprocessing",
      "uvloop",
      "httptools",
    ],
    modulesIf: [
      { present: "httptools", modules: ["uvicorn.protocols.http.httptools_impl"] },
      { absent: "httptools", modules: ["uvicorn.protocols.http.h11_impl"] },
      { absent: "uvloop", modules: ["uvicorn.loops.asyncio"] },
    ],
    apply: ({ imports }) => {
      for (const name of ["auto_loop_setup", "auto_loop_factory"]) imports.calls.callByName("uvicorn.loops.auto", name, share);
    },
  },
  {
    started: /^hypercorn$/,
    reason: "hypercorn starts its asyncio worker",
    modules: ["hypercorn.asyncio.run", "hypercorn.asyncio", "hypercorn.config", "hypercorn.protocol"],
  },
  {
    started: /^daphne$/,
    reason: "daphne runs on twisted's asyncio reactor",
    modules: ["daphne.server", "daphne.endpoints", "twisted.internet.asyncioreactor"],
  },
  {
    started: /^flask$/,
    reason: "flask run imports the application and werkzeug's server",
    modules: ["flask.cli", "werkzeug.serving", "http.server", "ssl"],
    apply: loadFlask,
  },
  {
    started: /^(fastapi)$/,
    reason: "fastapi run finds the application and starts uvicorn",
    modules: ["fastapi_cli.cli", "fastapi_cli.discover", "uvicorn"],
    apply: loadFastApi,
  },
  {
    started: /^celery$/,
    reason: "celery imports the application of -A and its worker",
    modules: [
      "celery.bin.celery",
      "celery.bin.worker",
      "celery.apps.worker",
      "celery.worker",
      "celery.worker.consumer",
      "celery.app.log",
      "celery.fixups.django",
      "celery.loaders.app",
    ],
    apply: loadCelery,
  },
  {
    started: /^streamlit$/,
    reason: "streamlit runs its server and the script",
    modules: ["streamlit.web.cli", "streamlit.web.bootstrap", "streamlit.web.server"],
    // The script runs for each visitor, not when the server starts.
    apply: (run) => {
      run.imports.later.push(() => runScriptArgument(run));
    },
  },
  {
    started: /^(ddtrace-run|opentelemetry-instrument|newrelic-admin|poetry|pipenv|pdm|hatch)$/,
    reason: "the wrapper starts the command behind it",
    apply: runWrapped,
  },
  { started: /^(torchrun|accelerate|deepspeed)$/, reason: "the launcher starts the script as a further process", apply: launchScript },
  {
    started: /^(dramatiq|rq|huey_consumer|arq|faust)$/,
    reason: "the worker imports the modules that its arguments name",
    apply: loadApplication,
  },
  { started: /^(manage\.py|django-admin)$/, reason: "the management command and the settings are loaded by name", apply: runDjangoCommand },
  { imported: "django", reason: "Django loads what its settings name", apply: djangoSettings },
  { imported: "sqlalchemy", reason: "the dialect is chosen by the database address", apply: loadSqlDialects },
  {
    started: /^(jupyter|jupyter-lab|jupyter-notebook)$/,
    reason: "jupyter starts its server application",
    modules: ["jupyter_server.serverapp", "notebook.app", "jupyterlab.labapp"],
  },
  {
    imported: "gradio.component_meta",
    reason: "its metaclass reads the source of each component to write a stub beside it",
    apply: ({ imports, reason }) => {
      for (const name of imports.importedBelow(/^gradio\.(components|layouts|_simple_templates|templates|blocks_events)(\.|$)/)) {
        const spec = imports.finder.find(name);
        if (spec?.kind !== "module") continue;
        for (const path of [spec.path, `${spec.path}i`]) imports.open(path, "py-source", 0.9, `gradio: ${reason}`);
      }
    },
  },
  {
    imported: "pkg_resources",
    reason: "pkg_resources makes its list of installed packages",
    apply: ({ imports }) => scanEggInfos(imports, imports.probabilityOf("pkg_resources")),
  },
  {
    started: /^serve$/,
    reason: "serve run imports the application that it is given and starts Ray's processes",
    apply: (run) => {
      loadApplication(run);
      run.imports.walk.flag({ code: "spawned-process", message: "Ray starts further processes, whose files are not predicted." });
    },
  },
  {
    started: /^(sglang|sglang\.launch_server)$/,
    reason: "its server chooses the model's modules by its configuration",
    modules: [
      "sglang.srt.entrypoints.http_server",
      "sglang.srt.server_args",
      "sglang.srt.managers.scheduler",
      "sglang.srt.managers.detokenizer_manager",
      "sglang.srt.models.registry",
    ],
  },
  {
    started: /^(vllm)$/,
    reason: "vllm serve starts its API server",
    modules: ["vllm.entrypoints.cli.main", "vllm.entrypoints.openai.api_server"],
  },
  {
    imported: "vllm.entrypoints",
    reason: "vLLM loads its platform, engine, executor and worker by name",
    modules: [
      "vllm.platforms.cuda",
      "vllm.v1.engine.core",
      "vllm.v1.engine.async_llm",
      "vllm.v1.executor.uniproc_executor",
      "vllm.v1.executor.multiproc_executor",
      "vllm.v1.worker.gpu_worker",
      "vllm.model_executor.models.registry",
    ],
    apply: ({ imports }) =>
      imports.walk.flag({ code: "dynamic-import", message: "vLLM chooses its platform, worker and model by the machine and the model." }),
  },
];

/** Applies the rows for a started program, then those for what has been imported. */
export function applyFrameworks(imports: ImportWalk, program: string, rest: readonly string[]): void {
  const words = rest.flatMap((word) =>
    /^--[\w-]+=/.test(word) ? [word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1)] : [word],
  );
  const applied = new Set<Framework>();
  for (let round = 0; round < 4; round++) {
    imports.drain();
    const due = frameworks.filter(
      (row) =>
        !applied.has(row) &&
        (row.started?.test(program) === true || (row.imported !== undefined && imports.probabilityOf(row.imported) >= 0.45)),
    );
    if (due.length === 0) return;
    for (const row of due) {
      applied.add(row);
      applyRow(row, { imports, program, words, reason: row.reason });
    }
  }
  imports.drain();
}

function applyRow(row: Framework, run: FrameworkRun): void {
  const { imports } = run;
  row.apply?.(run);
  const conditional = (row.modulesIf ?? []).filter(
    (one) =>
      (one.present === undefined || imports.finder.find(one.present) !== undefined) &&
      (one.absent === undefined || imports.finder.find(one.absent) === undefined),
  );
  for (const file of row.files ?? []) imports.open(file, "py-framework", share, `${run.program}: ${row.reason}`);
  for (const module of [...(row.modules ?? []), ...conditional.flatMap((one) => one.modules)]) loadFor(run, module, share);
}

/** Options of torchrun, accelerate and deepspeed stand before the script; `-m` or `--module` makes it a module. */
function launchScript(run: FrameworkRun): void {
  const { imports, words, program } = run;
  const { command } = imports;
  imports.finder.prepend(command.cwd);
  const script = words.findIndex((word) => word.endsWith(".py"));
  const isModule = words.findIndex((word) => word === "-m" || word === "--module");
  const module =
    isModule < 0 || (script >= 0 && script < isModule)
      ? -1
      : words.findIndex((word, at) => at > isModule && applicationWord.test(word) && imports.finder.find(word) !== undefined);
  const at = module >= 0 ? module : script;
  if (at < 0) return;
  const argv = [imports.executable, ...(module >= 0 ? ["-m"] : []), ...words.slice(at)];
  imports.walk.run({ ...command, argv, probability: command.probability * share, startedBy: program });
}

function runScriptArgument(run: FrameworkRun): void {
  const { imports, words } = run;
  const at = words.findIndex((word) => word.endsWith(".py"));
  if (at < 0) return;
  const path = joinPath(imports.command.cwd, words[at] as string);
  imports.finder.prepend(path.slice(0, path.lastIndexOf("/")) || "/");
  imports.open(path, "py-script", share, `${run.program} runs it`);
  imports.runFile(path, "__main__", "", share, true);
}

/** `poetry run gunicorn …`, `ddtrace-run gunicorn …`. */
function runWrapped({ imports, program, words }: FrameworkRun): void {
  const takesVerb = !/^(ddtrace-run|opentelemetry-instrument)$/.test(program);
  const verb = words.findIndex((word) => word === "run" || word === "run-program");
  const start = words.findIndex((word, at) => at > (takesVerb ? verb : -1) && !word.startsWith("-"));
  if (start < 0 || (takesVerb && verb < 0)) return;
  const { command } = imports;
  imports.walk.run({ ...command, argv: words.slice(start), probability: command.probability * share, startedBy: program });
}

const dialects: readonly { readonly address: RegExp; readonly modules: readonly string[] }[] = [
  { address: /\bsqlite(\+\w+)?:/, modules: ["sqlalchemy.dialects.sqlite", "sqlite3"] },
  { address: /\bpostgres(ql)?(\+\w+)?:/, modules: ["sqlalchemy.dialects.postgresql", "psycopg2"] },
  { address: /\bpostgresql\+asyncpg:/, modules: ["asyncpg"] },
  { address: /\bpostgresql\+psycopg:/, modules: ["psycopg"] },
  { address: /\bmysql(\+\w+)?:/, modules: ["sqlalchemy.dialects.mysql", "MySQLdb"] },
  { address: /\bmysql\+pymysql:/, modules: ["pymysql"] },
];

function loadSqlDialects(run: FrameworkRun): void {
  const { imports } = run;
  const written = textOf(imports.walk.catalog, joinPath(imports.command.cwd, ".env")) ?? "";
  const texts = [...imports.command.env.values(), ...imports.applicationTexts, written];
  for (const { address, modules } of dialects) {
    if (!texts.some((text) => address.test(text))) continue;
    for (const module of [...modules, "sqlalchemy.engine.default", "sqlalchemy.sql.default_comparator"]) loadFor(run, module, 0.9);
  }
}
