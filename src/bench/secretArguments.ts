/** Names whose value is a secret more often than not; `--max-tokens` and `--tokenizer` are none. */
const secretName = String.raw`[\w.-]{0,40}(?:passw(?:or)?d|passphrase|secret|token(?!s|i)|api[-_]?key|access[-_]?key|private[-_]?key|credential|auth(?!or))[\w.-]{0,40}`;

/** `--token=x`, `TOKEN=x`, `"token": "x"`, also within a shell's text. */
const assigned = new RegExp(String.raw`(${secretName}["']?\s*[=:]\s*)("[^"]*"|'[^']*'|[^\s"';&|]+)`, "gi");
/** `--token x` within a shell's text. */
const spaced = new RegExp(String.raw`((?:^|\s)--?${secretName}\s+)("[^"]*"|'[^']*'|[^\s"';&|-][^\s"';&|]*)`, "gi");
/** A flag by itself, whose value is the next argument. */
const flag = new RegExp(String.raw`^--?${secretName}$`, "i");
/** Tokens that are known by their form: Hugging Face, OpenAI, GitHub, GitLab, AWS, Slack. */
const knownForms =
  /\b(?:hf_[A-Za-z0-9]{16,}|sk-[A-Za-z0-9_-]{16,}|gh[pousr]_[A-Za-z0-9]{16,}|glpat-[A-Za-z0-9_-]{16,}|AKIA[A-Z0-9]{12,}|xox[a-z]-[A-Za-z0-9-]{10,})/g;

export const hidden = "[hidden]";

/** A command line without what its arguments seem to keep secret. */
export function withoutSecretArguments(argv: readonly string[]): readonly string[] {
  return argv.map((argument, index) => (flag.test(argv[index - 1] ?? "") && !argument.startsWith("-") ? hidden : withoutSecrets(argument)));
}

/** One text, an argument or a shell's script, without the values that are given to secret names, and without known forms of tokens. */
export function withoutSecrets(text: string): string {
  return text.replace(assigned, `$1${hidden}`).replace(spaced, `$1${hidden}`).replace(knownForms, hidden);
}
