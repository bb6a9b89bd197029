const inspecting = [
  "src/base",
  "src/image",
  "src/facts",
  "src/dockerfile",
  "src/startup",
  "src/traces",
  "src/inspect",
  "src/findings",
] as const;
const engine = [...inspecting, "src/stats", "src/cluster", "src/bench", "src/boot", "src/results"] as const;

/**
 * Who may import whom: the one table behind ESLint's import bans and `layering.test.ts`. Data flows to the right;
 * a room imports only what stands in its row. See ARCHITECTURE.md.
 */
export const arrows: Readonly<Record<string, readonly string[]>> = {
  "src/base": [],
  "src/image": ["src/base"],
  "src/facts": ["src/base", "src/image"],
  "src/dockerfile": ["src/base", "src/image"],
  "src/startup": ["src/base", "src/facts"],
  "src/traces": ["src/base", "src/facts", "src/startup"],
  "src/inspect": ["src/base", "src/image", "src/facts", "src/dockerfile", "src/startup", "src/traces"],
  "src/findings": ["src/base", "src/image", "src/facts", "src/dockerfile", "src/inspect"],
  "src/stats": ["src/base"],
  "src/cluster": ["src/base"],
  "src/bench": ["src/base", "src/image", "src/facts", "src/stats", "src/cluster"],
  "src/boot": ["src/base", "src/stats", "src/cluster"],
  "src/results": [...inspecting, "src/stats", "src/bench", "src/boot"],
  "src/protocol": ["src/base", "src/bench", "src/boot", "src/results"],
  "src/extension": [...engine, "src/protocol"],
  "src/cli": engine,
  webview: ["src/base", "src/stats", "src/bench", "src/boot", "src/results", "src/protocol"],
};

export const rooms = Object.keys(arrows);

/** Packages that only one place may name, so that replacing them is one edit. */
export const onlyIn: Readonly<Record<string, readonly string[]>> = {
  vscode: ["src/extension"],
  "@vscode/webview-ui-toolkit": ["webview/elements.ts"],
  undici: ["src/image/http.ts", "src/cluster"],
  "@kubernetes/client-node": ["src/cluster"],
  "dockerfile-ast": ["src/dockerfile/parse.ts"],
  "chart.js": ["webview/charts"],
  unbash: ["src/startup/shell"],
};

/** ESLint `no-restricted-imports` patterns for one room. */
export function forbiddenImports(room: string): { regex: string; message: string }[] {
  const allowed = [room, ...(arrows[room] ?? [])];
  const patterns = rooms
    .filter((other) => !allowed.includes(other))
    .map((other) => {
      const name = other.split("/").pop();
      return {
        regex: `(^|/)\\.\\./(.*/)?${name}/`,
        message: `${room} may import only: ${arrows[room]?.join(", ") || "nothing"}. Move the code to the left, or hand in what it needs.`,
      };
    });
  if (room !== "src/extension")
    patterns.push({ regex: "^vscode$", message: "Only src/extension knows VS Code: the engine also runs without it." });
  return patterns;
}
