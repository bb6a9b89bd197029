import { joinPath } from "../paths.ts";
import { applicationWord, loadFor, option, share, type FrameworkRun } from "./frameworkRun.ts";

/** Servers that import the application which their arguments or settings name. */

/** `module:attribute` anywhere in the arguments; these servers put the working directory on the path. */
export function loadApplication(run: FrameworkRun): void {
  const { imports, words } = run;
  const folder = option(words, "--app-dir", "--chdir", "--pythonpath");
  imports.finder.prepend(folder === undefined ? imports.command.cwd : joinPath(imports.command.cwd, folder));
  const candidates = words.filter((word) => applicationWord.test(word));
  const isModule = (word: string): boolean => {
    const spec = imports.finder.find(word.split(":")[0] ?? "");
    return spec !== undefined && spec.kind !== "namespace" && spec.kind !== "builtin";
  };
  const application = candidates.find((word) => word.includes(":") && isModule(word)) ?? candidates.find(isModule);
  if (application === undefined) return;
  const [module = "", attribute] = application.split(":");
  loadFor(run, module, 1);
  imports.drain();
  imports.calls.callInstance(module, attribute ?? "app", "__call__", 0.9);
  if (words.includes("--factory") || attribute?.endsWith("()") === true)
    imports.calls.callByName(module, (attribute ?? "").replace(/\(\)$/, ""), share);
}

export function loadGunicorn(run: FrameworkRun): void {
  const { imports, words } = run;
  const words2 = [...words, ...(imports.command.env.get("GUNICORN_CMD_ARGS") ?? "").split(/[\s=]+/)];
  const settings = (option(words2, "-c", "--config") ?? "gunicorn.conf.py").replace(/^(file|python):/, "");
  const path = joinPath(imports.command.cwd, settings);
  if (imports.walk.catalog.file(path) !== undefined) {
    imports.open(path, "py-framework", share, `gunicorn reads ${settings}`);
    imports.runFile(path, "__config__", "", share);
  }
  const worker = option(words2, "-k", "--worker-class") ?? "sync";
  const threads = option(words2, "--threads");
  const module = worker.includes(".")
    ? worker.slice(0, worker.lastIndexOf("."))
    : `gunicorn.workers.${worker === "sync" && threads !== undefined && threads !== "1" ? "gthread" : (workerModules[worker] ?? worker)}`;
  loadFor(run, module, share);
}

const workerModules: Readonly<Record<string, string>> = {
  gevent: "ggevent",
  eventlet: "geventlet",
  tornado: "gtornado",
  gthread: "gthread",
};

/** FLASK_APP or --app, else app.py or wsgi.py in the working directory. */
export function loadFlask(run: FrameworkRun): void {
  const { imports, words } = run;
  imports.finder.prepend(imports.command.cwd);
  const named = option(words, "--app", "-A") ?? imports.command.env.get("FLASK_APP");
  const target = (named ?? "").split(":")[0]?.replace(/\.py$/, "").replaceAll("/", ".") ?? "";
  const modules = target === "" ? ["wsgi", "app"] : [target];
  const module = modules.find((one) => imports.finder.find(one) !== undefined);
  if (module !== undefined) loadFor(run, module, 1);
  for (const name of [".env", ".flaskenv"])
    if (imports.finder.find("dotenv") !== undefined)
      imports.open(joinPath(imports.command.cwd, name), "py-framework", 0.9, "flask loads it through python-dotenv");
  imports.drain();
  if (module !== undefined) for (const factory of ["create_app", "make_app"]) imports.calls.callByName(module, factory, share);
}

export function loadFastApi(run: FrameworkRun): void {
  const { imports, words } = run;
  const file =
    words.find((word) => word.endsWith(".py")) ??
    ["main.py", "app.py", "api.py", "app/main.py", "app/app.py", "app/api.py"].find(
      (one) => imports.walk.catalog.file(joinPath(imports.command.cwd, one)) !== undefined,
    );
  if (file === undefined) return;
  imports.finder.prepend(imports.command.cwd);
  loadFor(run, file.replace(/\.py$/, "").replaceAll("/", "."), 1);
}
