/** Names from images are foreign text: these make them safe to stand in a lens, a message or a hover. */

/** Controls, marks that change the reading direction, and whatever else draws nothing. */
const invisible = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+/g;

/** One line of at most `maxLength` characters. `$(…)`, which VS Code would draw as an icon, stays text. */
export function visibleText(text: string, maxLength = 120): string {
  const line = text.replace(invisible, " ").replace(/\s+/g, " ").trim();
  const short = line.length > maxLength ? `${line.slice(0, maxLength - 1)}…` : line;
  return short.replace(/\$\(/g, "$ (");
}

/** The same for Markdown: no character has a meaning. */
export function markdownText(text: string, maxLength = 300): string {
  return visibleText(text, maxLength).replace(/[\\`*_{}[\]()#+\-.!<>|~&:@]/g, "\\$&");
}
