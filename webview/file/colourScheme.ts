/** Puts on the class that VS Code would have set, light or dark as the reader's system is, and follows it. */
export function followColourScheme(): void {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const strong = matchMedia("(prefers-contrast: more)");
  const update = (): void => {
    const theme = strong.matches
      ? dark.matches
        ? "vscode-high-contrast"
        : "vscode-high-contrast-light"
      : dark.matches
        ? "vscode-dark"
        : "vscode-light";
    document.documentElement.className = theme;
    document.body.className = theme;
  };
  update();
  dark.addEventListener("change", update);
  strong.addEventListener("change", update);
}
