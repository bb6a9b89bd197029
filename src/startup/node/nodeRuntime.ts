import type { Runtime } from "../walk.ts";

/** Programs started by `node`, by a package manager's scripts, or by a `#!` line that names node. */
export const nodeRuntime: Runtime = {
  name: "node",
  matches: (programName) => programName === "node" || programName === "nodejs",
  start: () => {},
};
