/** What a COPY of a whole folder brings along: recognised by names that tools and people agree on. */
export interface StrayKind {
  readonly code: "git-folder" | "stray-files" | "temporary-files";
  readonly title: string;
  readonly file: RegExp;
  /** The folder (or file) to leave out, at the start of the path. */
  readonly root: RegExp;
  readonly advice: string;
}

const ignoring = "List it in .dockerignore, so that COPY leaves it out.";

export const strayKinds: readonly StrayKind[] = [
  {
    code: "git-folder",
    title: "Git's history (.git)",
    file: /\/\.git\//,
    root: /^.*?\/\.git(?=\/)/,
    advice: "List .git in .dockerignore; where a RUN clones it, remove .git in that RUN.",
  },
  {
    code: "stray-files",
    title: "Caches and settings of development tools",
    file: /\/(?:\.(?:idea|vscode|mypy_cache|pytest_cache|ruff_cache|tox|nox|terraform|gradle|nyc_output|devcontainer|ipynb_checkpoints)|htmlcov|coverage|\.next\/cache)\//,
    root: /^.*?\/(?:\.(?:idea|vscode|mypy_cache|pytest_cache|ruff_cache|tox|nox|terraform|gradle|nyc_output|devcontainer|ipynb_checkpoints)|htmlcov|coverage|\.next\/cache)(?=\/)/,
    advice: ignoring,
  },
  {
    code: "stray-files",
    title: "Tests",
    file: /\/(?:tests?|__tests__|testdata|test_data|e2e|spec|fixtures)\//,
    root: /^.*?\/(?:tests?|__tests__|testdata|test_data|e2e|spec|fixtures)(?=\/)/,
    advice: ignoring,
  },
  {
    code: "stray-files",
    title: "Notebooks",
    file: /\.ipynb$/,
    root: /^.*\.ipynb$/,
    advice: ignoring,
  },
  {
    code: "stray-files",
    title: "Documentation",
    file: /\/docs?\/|\.(?:md|rst|pdf)$/,
    root: /^.*?\/docs?(?=\/)|^.*\.(?:md|rst|pdf)$/,
    advice: ignoring,
  },
  {
    code: "stray-files",
    title: "Datasets and archives",
    file: /\.(?:csv|tsv|parquet|feather|arrow|jsonl|ndjson|zip|tar|tgz|tar\.(?:gz|bz2|xz|zst)|7z|rar|npz|mp4|avi|mkv|wav|flac)$/,
    root: /^.*$/,
    advice: "If the service does not need them, list them in .dockerignore; if it does, mount them or fetch them when they are wanted.",
  },
];

/** Files of other packages and of the system are no business of the build context. */
const notOwn =
  /^\/(?:usr\/(?!src\/|local\/(?!lib\/|share\/))|lib|s?bin\/|etc\/|var\/(?!www\/)|usr\/local\/(?:lib|share)\/)|\/(?:site-packages|dist-packages|node_modules|conda-meta)\//;

export function strayKindOf(path: string): StrayKind | undefined {
  return notOwn.test(path) ? undefined : strayKinds.find(({ file }) => file.test(path));
}

/** A folder for what is in use only for a moment (FHS 3.18, 5.15). */
export const temporaryFile = /^\/(?:var\/)?tmp\//;
