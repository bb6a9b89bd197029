import type { FileCatalog } from "../../facts/fileCatalog.ts";
import { parseJsonObject } from "../../base/json.ts";
import { joinPath, textOf } from "../paths.ts";

/** What a Next.js server takes from its build output when it starts. */
export interface NextBuild {
  /** Read as data. */
  readonly files: readonly string[];
  /** Loaded as modules until ready. */
  readonly modules: readonly string[];
  /** Loaded with the first request for one of them. */
  readonly routes: readonly string[];
}

const maxChunks = 200;

/** What Next.js reads of its own accord (next/dist/server/next-server.js and build/index.js); `.next` unless `distDir` says otherwise. */
const manifests =
  "BUILD_ID required-server-files.json routes-manifest.json build-manifest.json prerender-manifest.json react-loadable-manifest.json app-path-routes-manifest.json package.json server/pages-manifest.json server/app-paths-manifest.json server/middleware-manifest.json server/functions-config-manifest.json server/next-font-manifest.json server/font-manifest.json server/server-reference-manifest.json".split(
    " ",
  );

/** Of the application in this folder; undefined when it is no built Next.js application. */
export function nextBuild(catalog: FileCatalog, folder: string): NextBuild | undefined {
  const settings = jsonOf(catalog, joinPath(folder, ".next/required-server-files.json"));
  const config = recordOf(settings?.["config"]);
  const written = config?.["distDir"];
  const build = joinPath(folder, typeof written === "string" ? written : ".next");
  if (!catalog.file(`${build}/BUILD_ID`)) return undefined;
  const code = ["pages-manifest.json", "app-paths-manifest.json"]
    .flatMap((name) => Object.values(jsonOf(catalog, `${build}/server/${name}`) ?? {}))
    .filter((path): path is string => typeof path === "string" && path.endsWith(".js"))
    .map((path) => joinPath(`${build}/server`, path));
  // Errors have pages of their own, which most starts never show.
  const routes = code.filter((path) => !/\/(?:_error|_not-found\/page|404|500)\.js$/.test(path));
  const isPreloaded = recordOf(config?.["experimental"])?.["preloadEntriesOnStart"] === true;
  const isProbe = (path: string): boolean => /\/(?:health\w*|ready|readyz|live|livez|ping|status)(?:\/route)?\.js$/.test(path);
  const early = isPreloaded ? routes : routes.filter(isProbe);
  const chunks = catalog.list(`${build}/server/chunks`).filter((name) => name.endsWith(".js"));
  const fixed = ["_app", "_document"].map((name) => `${build}/server/pages/${name}.js`);
  return {
    files: [...manifests.map((name) => `${build}/${name}`), ...early.map((path) => path.replace(/\.js$/, "_client-reference-manifest.js"))],
    modules: [
      `${build}/server/webpack-runtime.js`,
      ...fixed,
      ...early,
      ...(early.length > 0 ? chunks.slice(0, maxChunks).map((name) => `${build}/server/chunks/${name}`) : []),
    ].filter((path) => catalog.file(path)),
    routes: routes.filter((path) => !early.includes(path) && !fixed.includes(path) && catalog.file(path)),
  };
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
}

function jsonOf(catalog: FileCatalog, path: string): Readonly<Record<string, unknown>> | undefined {
  const text = textOf(catalog, path);
  return text === undefined ? undefined : parseJsonObject(text);
}
