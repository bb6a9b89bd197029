import type { BuildStage, Instruction, ProvableFact, Waste } from "./dockerfile.ts";
import { joinPath } from "./effectiveConfig.ts";
import { shellCommands, type ShellWords } from "./shellCommands.ts";
import { execForm, splitWords } from "./words.ts";

/** What the RUN lines of a stage leave behind that nothing at startup reads. */
export function runFacts(stage: BuildStage, chain: readonly BuildStage[]): ProvableFact[] {
  const facts: ProvableFact[] = [];
  const copied = copiedPaths(stage);
  let workingDir = "/";
  stage.instructions.forEach((instruction, index) => {
    if (instruction.keyword === "WORKDIR") workingDir = joinPath(workingDir, instruction.argumentText);
    if (instruction.keyword !== "RUN") return;
    const commands = commandsOf(instruction);
    const { range } = instruction;
    for (const cache of caches) {
      if (!commands.some(cache.fills) || commands.some(cache.empties) || cache.isMounted(instruction)) continue;
      if (cache.setting !== undefined && isSet(cache.setting, chain)) continue;
      facts.push({ range, summary: cache.summary, reason: cache.reason, waste: cache.waste });
    }
    const tools = buildTools(commands);
    if (tools.length > 0) {
      facts.push({
        range,
        summary: `build tools stay in the image: ${shownList(tools)}`,
        reason:
          "Compilers, headers and version control are installed here and not removed in the same RUN. Programs that are built already do not need them to start.",
        waste: "build-tools",
      });
    }
    const before = copied.filter((copy) => copy.index < index);
    const rewritten = rewrittenPaths(commands, workingDir, before);
    if (rewritten.length > 0) {
      facts.push({
        range,
        summary: `copies ${shownList(rewritten.map(({ path }) => path))} a second time`,
        reason: `Changing owner or mode of files from an earlier layer stores them again in this one. COPY --chown or --chmod on line ${(rewritten[0]?.line ?? 0) + 1} avoids that.`,
        waste: "rewritten-files",
      });
    }
    const removed = removedPaths(commands, workingDir, before);
    if (removed.length > 0) {
      facts.push({
        range,
        summary: `frees nothing: ${shownList(removed)} stays in an earlier layer`,
        reason: "Files that an earlier COPY or ADD put into the image are hidden by rm, but their bytes are still downloaded.",
        waste: "deleted-files",
      });
    }
  });
  return facts;
}

function commandsOf(instruction: Instruction): readonly ShellWords[] {
  const words = execForm(instruction.argumentText);
  if (words) return words.at(-2) === "-c" ? shellCommands(words.at(-1) ?? "") : [words];
  return shellCommands([instruction.argumentText, ...instruction.heredocs.map(({ text }) => text)].join("\n"));
}

interface PackageCache {
  readonly waste: Waste;
  readonly fills: (words: ShellWords) => boolean;
  readonly empties: (words: ShellWords) => boolean;
  /** Whether a cache mount keeps it out of the image. */
  readonly isMounted: (instruction: Instruction) => boolean;
  /** An environment variable that turns it off. */
  readonly setting?: string;
  readonly summary: string;
  readonly reason: string;
}

const caches: readonly PackageCache[] = [
  {
    waste: "apt-lists",
    fills: (words) => /^apt(?:-get)?$/.test(words[0] ?? "") && words.includes("update"),
    empties: (words) => removes(words, "/var/lib/apt"),
    isMounted: (instruction) => mounts(instruction, "/var/lib/apt"),
    summary: "leaves apt's package lists in the image",
    reason:
      'apt-get update writes /var/lib/apt/lists, which nothing reads at startup. End the same RUN with "rm -rf /var/lib/apt/lists/*".',
  },
  {
    waste: "pip-cache",
    fills: (words) => isPip(words) && words.includes("install") && !words.includes("--no-cache-dir"),
    empties: (words) => removes(words, "/root/.cache") || removes(words, "~/.cache") || (isPip(words) && words.includes("purge")),
    isMounted: (instruction) => mounts(instruction, "/root/.cache") || mounts(instruction, "pip"),
    setting: "PIP_NO_CACHE_DIR",
    summary: "leaves pip's download cache in the image",
    reason:
      "pip keeps what it downloads in ~/.cache/pip, which nothing reads at startup. Use --no-cache-dir or a cache mount, unless the base image turns the cache off.",
  },
  {
    waste: "apk-cache",
    fills: (words) =>
      words[0] === "apk" &&
      (words.includes("update") || (words.includes("add") && words.includes("--update"))) &&
      !words.includes("--no-cache"),
    empties: (words) => removes(words, "/var/cache/apk"),
    isMounted: (instruction) => mounts(instruction, "/var/cache/apk"),
    summary: "leaves apk's package index in the image",
    reason: "apk keeps its index in /var/cache/apk, which nothing reads at startup. Use apk add --no-cache.",
  },
  {
    waste: "dnf-cache",
    fills: (words) => /^(?:dnf|yum|microdnf)$/.test(words[0] ?? "") && words.includes("install"),
    empties: (words) => words.includes("clean") || removes(words, "/var/cache"),
    isMounted: (instruction) => mounts(instruction, "/var/cache"),
    summary: "leaves the package manager's cache in the image",
    reason: 'Packages and metadata stay in /var/cache, which nothing reads at startup. End the same RUN with "dnf clean all".',
  },
  {
    waste: "conda-cache",
    fills: (words) =>
      /^(?:conda|mamba)$/.test(words[0] ?? "") && (words.includes("install") || words.includes("create") || words.includes("update")),
    empties: (words) => /^(?:conda|mamba)$/.test(words[0] ?? "") && words.includes("clean"),
    isMounted: (instruction) => mounts(instruction, "/pkgs"),
    summary: "leaves conda's package cache in the image",
    reason: 'conda keeps downloaded packages in its pkgs folder. End the same RUN with "conda clean -afy".',
  },
  {
    waste: "npm-cache",
    fills: (words) => words[0] === "npm" && (words.includes("install") || words.includes("ci") || words.includes("i")),
    empties: (words) => (words[0] === "npm" && words.includes("cache")) || removes(words, "/root/.npm") || removes(words, "~/.npm"),
    isMounted: (instruction) => mounts(instruction, ".npm"),
    summary: "leaves npm's download cache in the image",
    reason:
      'npm keeps what it downloads in ~/.npm, which nothing reads at startup. End the same RUN with "npm cache clean --force", or use a cache mount.',
  },
];

function isPip(words: ShellWords): boolean {
  return /^pip[\d.]*$/.test(words[0] ?? "") || (/^python[\d.]*$/.test(words[0] ?? "") && words[1] === "-m" && words[2] === "pip");
}

function removes(words: ShellWords, path: string): boolean {
  return words[0] === "rm" && words.some((word) => word.startsWith(path) || word === "/var/lib/*" || word === "/var/cache/*");
}

function mounts(instruction: Instruction, target: string): boolean {
  return (instruction.flags["mount"] ?? "").split("\n").some((mount) => mount.includes("type=cache") && mount.includes(target));
}

/** Whether ENV or ARG sets it anywhere in the chain; where exactly does not matter for a claim that is then not made. */
function isSet(name: string, chain: readonly BuildStage[]): boolean {
  return chain.some((stage) =>
    stage.instructions.some(({ keyword, argumentText }) => (keyword === "ENV" || keyword === "ARG") && argumentText.includes(name)),
  );
}

const toolNames =
  /^(?:build-essential|build-base|gcc|g\+\+|gcc-c\+\+|clang|make|cmake|ninja-build|git|pkg-config|autoconf|automake|.+-dev|.+-devel)(?:[=:].*)?$/;

/** Tools that a package manager installs and the same RUN does not remove. */
function buildTools(commands: readonly ShellWords[]): readonly string[] {
  const installed = new Set<string>();
  for (const words of commands) {
    const manager = words[0] ?? "";
    const isManager = /^(?:apt|apt-get|apk|dnf|yum|microdnf)$/.test(manager);
    if (isManager && (words.includes("install") || words.includes("add")) && !words.some((word) => /^(?:-t|--virtual)/.test(word))) {
      for (const word of words.slice(1)) if (toolNames.test(word)) installed.add(word.replace(/[=:].*$/, ""));
    } else if (isManager && words.some((word) => /^(?:purge|remove|autoremove|del|erase)$/.test(word))) {
      const removed = words.slice(1);
      for (const name of [...installed]) if (removed.some((word) => word === name || word.includes("$"))) installed.delete(name);
    }
  }
  return [...installed];
}

interface CopiedPath {
  readonly index: number;
  readonly line: number;
  readonly path: string;
}

/** Where COPY and ADD put files; destinations with variables are left out. */
function copiedPaths(stage: BuildStage): readonly CopiedPath[] {
  const copies: CopiedPath[] = [];
  let workingDir = "/";
  stage.instructions.forEach(({ keyword, argumentText, range }, index) => {
    if (keyword === "WORKDIR") workingDir = joinPath(workingDir, argumentText);
    if (keyword !== "COPY" && keyword !== "ADD") return;
    const words = execForm(argumentText) ?? splitWords(argumentText);
    const dest = words.at(-1);
    if (dest === undefined || words.length < 2 || `${dest}${workingDir}`.includes("$")) return;
    const source = words[0] ?? "";
    const oneFile = words.length === 2 && dest.endsWith("/") && !/[*?[]/.test(source) && !source.endsWith("/") && source !== ".";
    // A single source may be a folder, whose content goes directly into the destination.
    const path = joinPath(workingDir, dest);
    copies.push({ index, line: range.startLine, path });
    if (oneFile) copies.push({ index, line: range.startLine, path: joinPath(path, source.split("/").pop() ?? "") });
  });
  return copies;
}

/** Folders that hold much else: a change below them is not proven to hit the copied files. */
const tooBroad = /^\/(?:bin|etc|home|lib|opt|root|sbin|srv|tmp|usr|var|usr\/local|usr\/local\/bin|usr\/bin)?$/;

function rewrittenPaths(commands: readonly ShellWords[], workingDir: string, copied: readonly CopiedPath[]): readonly CopiedPath[] {
  const found: CopiedPath[] = [];
  for (const words of commands) {
    if (words[0] !== "chown" && words[0] !== "chmod") continue;
    const recursive = words.some((word) => /^-[a-zA-Z]*R/.test(word) || word === "--recursive");
    const paths = words
      .slice(1)
      .filter((word) => !word.startsWith("-"))
      .slice(1);
    for (const word of paths) {
      if (word.includes("$")) continue;
      const path = joinPath(workingDir, word.replace(/\/\*$/, ""));
      const hit = copied.find((copy) => copy.path === path || (recursive && `${copy.path}/`.startsWith(`${path}/`)));
      if (hit && !tooBroad.test(path) && !found.some((one) => one.path === path)) found.push({ ...hit, path });
    }
  }
  return found;
}

function removedPaths(commands: readonly ShellWords[], workingDir: string, copied: readonly CopiedPath[]): readonly string[] {
  const found = new Set<string>();
  for (const words of commands) {
    if (words[0] !== "rm") continue;
    for (const word of words.slice(1)) {
      if (word.startsWith("-") || /[$*?~]/.test(word)) continue;
      const path = joinPath(workingDir, word);
      if (!tooBroad.test(path) && copied.some((copy) => copy.path === path)) found.add(path);
    }
  }
  return [...found];
}

function shownList(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(", ");
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}
