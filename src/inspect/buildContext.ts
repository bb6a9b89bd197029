import { lstatSync, readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, isAbsolute, join, relative } from "node:path";
import { parseDockerignore } from "../dockerfile/dockerignore.ts";
import type { BuildContextFiles } from "../dockerfile/buildContextFiles.ts";

/** Larger files are no entry scripts. */
const maxFileBytes = 1_000_000;

/** A build context whose sizes can be asked for as well. */
export interface SizedBuildContext extends BuildContextFiles {
  /** The bytes that a builder would take of a file, or of a folder with all that is below it; 0 when nothing is there. */
  sizeBytes(path: string): number;
  /** The name of the file that says what is left out; it need not exist. */
  readonly ignoreFileName: string;
}

/** Larger folders are counted up to here. */
const mostCountedFiles = 50_000;

/**
 * The build context of a Dockerfile as its builder would see it: below one folder, `.dockerignore` applied. It only reads text; links that
 * leave the folder are not followed, since an untrusted workspace may hold any link.
 */
export function buildContextOf(folder: string, dockerfileName = "Dockerfile"): SizedBuildContext {
  const root = orUndefined(() => realpathSync(folder)) ?? folder;
  // BuildKit prefers the ignore file that is named after the Dockerfile.
  const ownName = `${basename(dockerfileName)}.dockerignore`;
  const ownText = orUndefined(() => readFileSync(join(root, ownName), "utf8"));
  const ignoreText = ownText ?? orUndefined(() => readFileSync(join(root, ".dockerignore"), "utf8"));
  const ignored = parseDockerignore(ignoreText ?? "");

  function inside(path: string): string | undefined {
    const clean = path.replace(/^\/+/, "");
    if (clean !== "" && ignored.ignores(clean)) return undefined;
    const real = orUndefined(() => realpathSync(join(root, clean)));
    if (real === undefined) return undefined;
    const fromRoot = relative(root, real);
    return fromRoot.startsWith("..") || isAbsolute(fromRoot) ? undefined : real;
  }

  function list(path: string): readonly string[] {
    const real = inside(path);
    if (real === undefined) return [];
    const names = orUndefined(() => readdirSync(real)) ?? [];
    return names.filter((name) => !ignored.ignores([path.replace(/^\/+|\/+$/g, ""), name].filter(Boolean).join("/"))).sort();
  }

  return {
    ignoreFileName: ownText === undefined ? ".dockerignore" : ownName,
    sizeBytes(path) {
      let sum = 0;
      const open = [path.replace(/^\/+|\/+$/g, "")];
      for (let counted = 0; open.length > 0 && counted < mostCountedFiles; counted++) {
        const next = open.pop() as string;
        if (next !== "" && ignored.ignores(next)) continue;
        // Links are copied as links.
        const found = orUndefined(() => lstatSync(join(root, next)));
        if (found?.isFile()) sum += found.size;
        else if (found?.isDirectory()) for (const name of list(next)) open.push(next === "" ? name : `${next}/${name}`);
      }
      return sum;
    },
    read(path) {
      const real = inside(path);
      if (real === undefined) return undefined;
      return orUndefined(() => {
        const found = statSync(real);
        return found.isFile() && found.size <= maxFileBytes ? readFileSync(real, "utf8") : undefined;
      });
    },
    exists: (path) => inside(path) !== undefined,
    list,
  };
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
