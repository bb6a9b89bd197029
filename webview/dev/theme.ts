const themes = ["vscode-light", "vscode-dark", "vscode-high-contrast", "vscode-high-contrast-light"];

/** Puts the theme of `?theme=` on, as VS Code does with its webviews. */
export function themeOf(asked: URLSearchParams): void {
  const theme = asked.get("theme");
  const kind = theme !== null && themes.includes(theme) ? theme : "vscode-light";
  document.documentElement.className = kind;
  document.body.className = kind;
}
