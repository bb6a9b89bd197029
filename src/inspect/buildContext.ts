import { readdirSync, readFileSync, realpathSync, statSync } from "node:fs";
import { basename, isAbsolute, join, relative } from "node:path";
import { parseDockerignore } from "../dockerfile/dockerignore.ts";
import type { BuildContextFiles } from "../dockerfile/provable.ts";

/** Larger files are no entry scripts. */
const maxFileBytes = 1_000_000;

/**
 * The build context of a Dockerfile as its builder would see it: below one folder, `.dockerignore` applied. It only reads text; links that
 * leave the folder are not followed, since an untrusted workspace may hold any link.
 */
export function buildContextOf(folder: string, dockerfileName = "Dockerfile"): BuildContextFiles {
  const root = orUndefined(() => realpathSync(folder)) ?? folder;
  // BuildKit prefers the ignore file that is named after the Dockerfile.
  const ignoreText =
    orUndefined(() => readFileSync(join(root, `${basename(dockerfileName)}.dockerignore`), "utf8")) ??
    orUndefined(() => readFileSync(join(root, ".dockerignore"), "utf8"));
  const ignored = parseDockerignore(ignoreText ?? "");

  function inside(path: string): string | undefined {
    const clean = path.replace(/^\/+/, "");
    if (clean !== "" && ignored.ignores(clean)) return undefined;
    const real = orUndefined(() => realpathSync(join(root, clean)));
    if (real === undefined) return undefined;
    const fromRoot = relative(root, real);
    return fromRoot.startsWith("..") || isAbsolute(fromRoot) ? undefined : real;
  }

  return {
    read(path) {
      const real = inside(path);
      if (real === undefined) return undefined;
      return orUndefined(() => {
        const found = statSync(real);
        return found.isFile() && found.size <= maxFileBytes ? readFileSync(real, "utf8") : undefined;
      });
    },
    exists: (path) => inside(path) !== undefined,
    list(path) {
      const real = inside(path);
      if (real === undefined) return [];
      const names = orUndefined(() => readdirSync(real)) ?? [];
      return names.filter((name) => !ignored.ignores([path.replace(/^\/+|\/+$/g, ""), name].filter(Boolean).join("/"))).sort();
    },
  };
}

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
