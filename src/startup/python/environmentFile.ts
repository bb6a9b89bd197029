/** Adds the `NAME=value` lines of a `.env` file for names that are not set; quotes are taken off, references are left as they stand. */
export function setVariables(env: Map<string, string>, text: string): void {
  for (const line of text.split(/\r?\n/, 2000)) {
    const [, name, value = ""] = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (name !== undefined && !env.has(name)) env.set(name, value.replace(/^(["'])(.*)\1$/, "$2").slice(0, 4096));
  }
}
