import type { BuildStage, Dockerfile, Instruction } from "../dockerfile/dockerfile.ts";
import { joinPath } from "../dockerfile/effectiveConfig.ts";
import { execForm, splitWords } from "../dockerfile/words.ts";
import type { Fix, Remedy } from "./finding.ts";
import { addOption, appendCommand, type DockerfileText } from "./runEdits.ts";

/** The edits that mend a finding of one instruction; undefined where no safe edit is known. */
export function fixFor(remedy: Remedy, instruction: Instruction, chain: readonly BuildStage[], text: DockerfileText): Fix | undefined {
  switch (remedy.kind) {
    case "append-command":
      return appendFix(remedy.command, instruction, text);
    case "add-option": {
      const edits = addOption(text, instruction, remedy.after, remedy.option);
      return edits ? { title: `Add ${remedy.option}`, edits, ignoreLines: [] } : appendFix(remedy.otherwise, instruction, text);
    }
    case "ignore": {
      const ignoreLines = remedy.imagePaths.flatMap((path) => contextPath(path, instruction, chain) ?? []);
      return ignoreLines.length < remedy.imagePaths.length ? undefined : ignoreFix(ignoreLines);
    }
    case "ignore-lines":
      return ignoreFix(remedy.lines);
  }
}

function ignoreFix(ignoreLines: readonly string[]): Fix {
  const more = ignoreLines.length > 2 ? ", …" : "";
  return { title: `Leave ${ignoreLines.slice(0, 2).join(", ")}${more} out of the build context`, edits: [], ignoreLines };
}

function appendFix(command: string, instruction: Instruction, text: DockerfileText): Fix | undefined {
  const edits = appendCommand(text, instruction, command);
  return edits && { title: `Add "${command}" to this RUN`, edits, ignoreLines: [] };
}

/**
 * `FROM x:12.4-devel` → `FROM x:12.4-runtime`. Undefined when the tag is not written in the FROM itself, or the stage compiles: then the
 * tools are needed while building.
 */
export function runtimeBaseFix(stage: BuildStage, text: DockerfileText): Fix | undefined {
  const { startLine, endLine } = stage.fromRange;
  if (startLine !== endLine || stage.base.kind !== "image" || stage.instructions.some(compiles)) return undefined;
  const line = text.lines[startLine] ?? "";
  const at = line.search(/-devel(?=[-\s@]|$)/);
  if (at < 0 || /@sha256:/.test(line)) return undefined;
  const range = { startLine, startColumn: at, endLine: startLine, endColumn: at + "-devel".length };
  return { title: "Build on the -runtime variant of this image", edits: [{ range, newText: "-runtime" }], ignoreLines: [] };
}

/** Whether an instruction may need a compiler; packages from wheels do not, those without a wheel would. */
function compiles({ keyword, argumentText, heredocs }: Instruction): boolean {
  const written = [argumentText, ...heredocs.map(({ text }) => text)].join("\n");
  return (
    keyword === "RUN" &&
    /\b(?:nvcc|gcc|g\+\+|cc|make|cmake|ninja|setup\.py|git\s+clone|cargo|go\s+build|no-binary|git\+)\b|flash[-_]attn|\bpip[\d.]*\s+install\s+(?:-\S+\s+)*\.(?:\s|$)/.test(
      written,
    )
  );
}

/** Where in the build context a path of the image came from, through the COPY or ADD that put it there. */
function contextPath(imagePath: string, instruction: Instruction, chain: readonly BuildStage[]): string | undefined {
  const { keyword, flags, argumentText, heredocs } = instruction;
  if ((keyword !== "COPY" && keyword !== "ADD") || flags["from"] !== undefined || heredocs.length > 0) return undefined;
  const words = execForm(argumentText) ?? splitWords(argumentText);
  const [source, dest] = words;
  if (
    words.length !== 2 ||
    source === undefined ||
    dest === undefined ||
    /[*?[$"'\\]/.test(argumentText.startsWith("[") ? source + dest : argumentText)
  )
    return undefined;
  const target = dest.startsWith("/") ? joinPath("/", dest) : targetIn(workingDirAt(instruction, chain), dest);
  if (target === undefined) return undefined;
  const below = target === "/" ? imagePath : imagePath.startsWith(`${target}/`) ? imagePath.slice(target.length) : undefined;
  return below === undefined ? undefined : joinPath("/", `${source}/${below}`).slice(1);
}

function targetIn(workingDir: string | undefined, dest: string): string | undefined {
  return workingDir === undefined ? undefined : joinPath(workingDir, dest);
}

/** Undefined while only the base image says where relative paths begin. */
function workingDirAt(instruction: Instruction, chain: readonly BuildStage[]): string | undefined {
  let workingDir: string | undefined = chain[0]?.base.kind === "scratch" ? "/" : undefined;
  for (const one of chain.flatMap((stage) => stage.instructions)) {
    if (one === instruction) return workingDir;
    if (one.keyword !== "WORKDIR") continue;
    if (one.argumentText.includes("$")) workingDir = undefined;
    else if (one.argumentText.startsWith("/")) workingDir = joinPath("/", one.argumentText);
    else workingDir = targetIn(workingDir, one.argumentText);
  }
  return workingDir;
}

export function textOf(text: string, dockerfile: Dockerfile): DockerfileText {
  // Columns are counted without the mark, as an editor shows the text.
  return { lines: text.replace(/^\ufeff/, "").split(/\r\n|\r|\n/), escapeCharacter: dockerfile.escapeCharacter };
}
