import type { FileCatalog } from "../../facts/fileCatalog.ts";
import { parseJsonObject } from "../../base/json.ts";
import { joinPath, textOf } from "../paths.ts";

/** What a Next.js server takes from its build output when it starts. */
export interface NextBuild {
  /** Read as data. */
  readonly files: readonly string[];
  /** Loaded as modules: the server itself, and all routes (`preloadEntriesOnStart`, on by default since 15). */
  readonly modules: readonly string[];
}

const maxChunks = 200;

/** What Next.js reads of its own accord (next/dist/server/next-server.js and build/index.js); `.next` unless `distDir` says otherwise. */
const manifests =
  "BUILD_ID required-server-files.json routes-manifest.json build-manifest.json prerender-manifest.json react-loadable-manifest.json app-path-routes-manifest.json package.json server/pages-manifest.json server/app-paths-manifest.json server/middleware-manifest.json server/functions-config-manifest.json server/next-font-manifest.json server/server-reference-manifest.json".split(
    " ",
  );

/** Of the application in this folder; undefined when it is no built Next.js application. */
export function nextBuild(catalog: FileCatalog, folder: string): NextBuild | undefined {
  const settings = jsonOf(catalog, joinPath(folder, ".next/required-server-files.json"));
  const config = settings?.["config"];
  const written = typeof config === "object" && config !== null ? (config as Record<string, unknown>)["distDir"] : undefined;
  const build = joinPath(folder, typeof written === "string" ? written : ".next");
  if (!catalog.file(`${build}/BUILD_ID`)) return undefined;
  const routes = ["pages-manifest.json", "app-paths-manifest.json"].flatMap((name) =>
    Object.values(jsonOf(catalog, `${build}/server/${name}`) ?? {}).filter((path): path is string => typeof path === "string"),
  );
  const code = routes.filter((path) => path.endsWith(".js")).map((path) => joinPath(`${build}/server`, path));
  const chunks = catalog.list(`${build}/server/chunks`).filter((name) => name.endsWith(".js"));
  const references = code.map((path) => path.replace(/\.js$/, "_client-reference-manifest.js"));
  return {
    files: [...manifests.map((name) => `${build}/${name}`), ...routes.filter((path) => path.endsWith("404.html")).map((path) => joinPath(`${build}/server`, path)), ...references], // prettier-ignore
    modules: [
      `${build}/server/webpack-runtime.js`,
      ...["_app", "_document", "_error"].map((name) => `${build}/server/pages/${name}.js`),
      ...code,
      ...chunks.slice(0, maxChunks).map((name) => `${build}/server/chunks/${name}`),
    ].filter((path) => catalog.file(path)),
  };
}

function jsonOf(catalog: FileCatalog, path: string): Readonly<Record<string, unknown>> | undefined {
  const text = textOf(catalog, path);
  return text === undefined ? undefined : parseJsonObject(text);
}
