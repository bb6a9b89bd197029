import { isAbsolute, relative } from "node:path";

/** Whether a path is the folder itself or something in it. Both are absolute and without links. */
export function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return !isAbsolute(way) && way.split(/[/\\]/)[0] !== "..";
}
