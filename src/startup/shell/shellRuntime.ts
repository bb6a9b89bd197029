import type { Runtime } from "../walk.ts";

export const shellRuntime: Runtime = {
  name: "shell",
  matches: (programName) => /^(sh|bash|dash|ash|rbash)$/.test(programName),
  start: () => {},
};
