import type { Problem, TextRange } from "../base/text.ts";
import type { BuildStage, Dockerfile, Instruction, StageBase } from "./dockerfile.ts";
import { expandWord, nameValues, splitWords, type Lookup } from "./words.ts";

const keywords = new Set(
  "ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR".split(" "),
);

/** Usable in FROM without being declared. */
const automaticArg = /^(?:TARGET|BUILD)(?:PLATFORM|OS|ARCH|VARIANT)$/;

/** At most this many problems of one kind of mistake are listed; a binary file would give thousands. */
const maxProblems = 50;

/** Groups the instructions by FROM. `given`: build arguments and automatic ones. */
export function buildStages(
  instructions: readonly Instruction[],
  lines: readonly string[],
  escapeCharacter: string,
  given: Readonly<Record<string, string>>,
  problems: Problem[],
): Pick<Dockerfile, "stages" | "globalArgs"> {
  const note = (severity: Problem["severity"], message: string, range: TextRange): void => {
    if (problems.length < maxProblems) problems.push({ severity, message, range });
  };
  const globalArgs = new Map<string, string>();
  const givenValues = new Map(Object.entries(given));
  const lookup: Lookup = (name) => globalArgs.get(name) ?? (automaticArg.test(name) ? givenValues.get(name) : undefined);
  const stages: (BuildStage & { instructions: Instruction[] })[] = [];
  const byName = new Map<string, number>();

  for (const instruction of instructions) {
    const { keyword, range } = instruction;
    if (keyword === "FROM") {
      const from = readFrom(instruction, lookup, byName, escapeCharacter);
      if (from.message !== undefined) note("error", from.message, range);
      const index = stages.length;
      stages.push({ index, name: from.name, base: from.base, instructions: [], fromRange: range, range });
      if (from.name !== undefined) byName.set(from.name, index);
      continue;
    }
    if (!keywords.has(keyword)) note("error", `${shown(keyword)} is no instruction of a Dockerfile.`, range);
    else if (instruction.argumentText === "" && instruction.heredocs.length === 0) note("error", `${keyword} has no arguments.`, range);
    const stage = stages.at(-1);
    if (stage) stage.instructions.push(instruction);
    else if (keyword === "ARG") readGlobalArg(instruction, globalArgs, givenValues, lookup, escapeCharacter);
    else if (keywords.has(keyword)) note("error", `${keyword} stands before the first FROM; only ARG may.`, range);
  }

  if (stages.length === 0 && problems.length === 0) problems.push({ severity: "error", message: "The Dockerfile has no FROM." });
  const ranged = stages.map((stage, index): BuildStage => {
    const next = stages[index + 1];
    const endLine = Math.max(stage.fromRange.startLine, next ? next.fromRange.startLine - 1 : lines.length - 1);
    return {
      ...stage,
      range: {
        startLine: stage.fromRange.startLine,
        startColumn: stage.fromRange.startColumn,
        endLine,
        endColumn: (lines[endLine] ?? "").length,
      },
    };
  });
  for (const stage of ranged) noteBadCopies(stage, byName, ranged, note);
  return { stages: ranged, globalArgs: Object.fromEntries(globalArgs) };
}

function readGlobalArg(
  instruction: Instruction,
  globalArgs: Map<string, string>,
  given: ReadonlyMap<string, string>,
  lookup: Lookup,
  escapeCharacter: string,
): void {
  for (const { name, value } of nameValues(instruction.argumentText, escapeCharacter)) {
    const chosen = given.get(name) ?? (value === undefined ? undefined : expandWord(value, lookup, escapeCharacter).text);
    if (chosen !== undefined) globalArgs.set(name, chosen);
  }
}

interface From {
  readonly name: string | undefined;
  readonly base: StageBase;
  readonly message?: string;
}

function readFrom(instruction: Instruction, lookup: Lookup, byName: ReadonlyMap<string, number>, escapeCharacter: string): From {
  const [imageWord, asWord, nameWord, ...rest] = splitWords(instruction.argumentText, escapeCharacter);
  if (imageWord === undefined) {
    return { name: undefined, base: { kind: "unknown", text: "" }, message: "FROM names no image." };
  }
  const image = expandWord(imageWord, lookup, escapeCharacter);
  const named = asWord?.toLowerCase() === "as" && nameWord !== undefined;
  const name = named ? nameWord.toLowerCase() : undefined;
  const base = baseOf(imageWord, image, instruction, lookup, byName, escapeCharacter);
  if (asWord !== undefined && (!named || rest.length > 0)) {
    return { name, base, message: "FROM takes an image and, if wanted, AS with a name." };
  }
  if (name !== undefined && !/^[a-z][a-z0-9-_.]*$/.test(name)) {
    return { name, base, message: `${shown(name)} cannot name a stage: letters, digits, "-", "_" and "." only, a letter first.` };
  }
  if (base.kind === "unknown")
    return { name, base, message: `Which image ${shown(imageWord)} means depends on an argument without a value.` };
  return { name, base };
}

function baseOf(
  imageWord: string,
  image: { readonly text: string; readonly unset: readonly string[] },
  instruction: Instruction,
  lookup: Lookup,
  byName: ReadonlyMap<string, number>,
  escapeCharacter: string,
): StageBase {
  if (image.unset.length > 0 || image.text === "") return { kind: "unknown", text: imageWord };
  const stageIndex = byName.get(image.text.toLowerCase());
  if (stageIndex !== undefined) return { kind: "stage", stageIndex };
  if (image.text === "scratch") return { kind: "scratch" };
  const platformText = instruction.flags["platform"];
  const platform = platformText === undefined ? undefined : expandWord(platformText, lookup, escapeCharacter);
  const known = platform !== undefined && platform.unset.length === 0 && platform.text !== "";
  return { kind: "image", name: image.text, ...(known && { platform: platform.text }) };
}

/** Where `COPY --from=…`, `RUN --mount=from=…` and their like take files from. */
export type CopySource = { readonly kind: "stage"; readonly stageIndex: number } | { readonly kind: "image"; readonly name: string };

/** `from` as written after the flag: a stage's name, its number, or an image. */
export function copySource(from: string, stageIndex: number, stages: readonly BuildStage[]): CopySource {
  const wanted = from.toLowerCase();
  for (let index = stageIndex - 1; index >= 0; index--) if (stages[index]?.name === wanted) return { kind: "stage", stageIndex: index };
  if (/^\d{1,6}$/.test(from) && Number(from) < stageIndex) return { kind: "stage", stageIndex: Number(from) };
  return { kind: "image", name: from };
}

function noteBadCopies(
  stage: BuildStage,
  byName: ReadonlyMap<string, number>,
  stages: readonly BuildStage[],
  note: (severity: Problem["severity"], message: string, range: TextRange) => void,
): void {
  for (const { flags, keyword, range } of stage.instructions) {
    const from = flags["from"];
    if (keyword !== "COPY" || from === undefined || from.includes("$")) continue;
    if (copySource(from, stage.index, stages).kind === "stage") continue;
    const later = byName.get(from.toLowerCase());
    if (later !== undefined) note("error", `COPY --from=${from} names a stage that is not built before this one.`, range);
    else if (/^\d+$/.test(from)) note("error", `COPY --from=${shown(from)}: there is no stage with this number before this one.`, range);
  }
}

/** A word from the file, short enough for a sentence. */
function shown(word: string): string {
  const printable = word.replace(/[^\x20-\x7e]/g, "?");
  return printable.length > 40 ? `"${printable.slice(0, 40)}…"` : `"${printable}"`;
}
