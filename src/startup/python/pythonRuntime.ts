import type { Runtime } from "../walk.ts";

/** CPython, started by name, by a virtual environment's link or by a script's first line. */
export const pythonRuntime: Runtime = {
  name: "python",
  matches: (programName, executable) => isPythonName(programName) || isPythonName(executable.slice(executable.lastIndexOf("/") + 1)),
  start: () => {},
};

function isPythonName(name: string): boolean {
  return /^python(\d+(\.\d+)*)?$/.test(name);
}
