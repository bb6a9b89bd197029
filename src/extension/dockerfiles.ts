import { readFileSync, statSync } from "node:fs";
import { basename, dirname } from "node:path";
import * as vscode from "vscode";
import { delay } from "../base/abort.ts";
import { isCancelled } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import type { Dockerfile, ProvableFact } from "../dockerfile/dockerfile.ts";
import { guessImages, type ImageGuess } from "../dockerfile/imageGuess.ts";
import { parseDockerfile } from "../dockerfile/parse.ts";
import { provableFacts } from "../dockerfile/provable.ts";
import { dockerfileFindings } from "../findings/dockerfileFindings.ts";
import type { PlacedFinding } from "../findings/finding.ts";
import { buildContextOf, type SizedBuildContext } from "../inspect/buildContext.ts";
import { isSameQuestion, questionForStage } from "../inspect/dockerfileQuestion.ts";
import type { Inspection } from "../inspect/inspection.ts";
import type { StartupQuestion } from "../startup/startupSet.ts";
import type { DockerfileView, ImageStatus } from "./dockerfileLenses.ts";
import { failureOf, logFailure } from "./failure.ts";
import type { ImageChoice, ImageChoices } from "./imageChoices.ts";
import { progressText } from "./inspectProgress.ts";
import type { Inspections } from "./inspections.ts";
import { currentChunkSizeBytes, currentMeasure, readSettings } from "./settings.ts";

/** While keys are pressed faster than this, nothing is estimated. */
const settleMs = 120;
const largestBuildFileBytes = 1_000_000;

interface Parsed {
  readonly version: number;
  readonly contextVersion: number;
  readonly text: string;
  readonly dockerfile: Dockerfile;
  /** Absent for a text without a folder. */
  readonly context?: SizedBuildContext | undefined;
  readonly folderSizes: Map<string, number>;
  readonly provable: readonly ProvableFact[];
  readonly guesses: readonly ImageGuess[];
}

interface Answer {
  readonly basis: Inspection;
  readonly question: string;
  readonly inspection: Inspection;
}

/** The findings of one state of a text. */
export interface DockerfileFindings {
  readonly version: number;
  readonly findings: readonly PlacedFinding[];
  /** The image that they are of; absent when only the text was read. */
  readonly imageName?: string | undefined;
  /** The file that keeps things out of the build context; absent for a text without a folder. */
  readonly ignoreFileName?: string | undefined;
}

interface Running {
  readonly basis: Inspection;
  readonly question: string;
  readonly cancel: AbortController;
  readonly result: Promise<Inspection | undefined>;
}

/** One open Dockerfile. */
interface OpenDockerfile {
  parsed?: Parsed;
  answer?: Answer;
  running?: Running;
}

/** What is known of each open Dockerfile; works it out when a lens or hover asks. */
export class Dockerfiles {
  readonly #inspections: Inspections;
  readonly #choices: ImageChoices;
  readonly #channel: vscode.LogOutputChannel;
  readonly #log: Log;
  #contextVersion = 0;
  readonly #open = new WeakMap<vscode.TextDocument, OpenDockerfile>();

  constructor(inspections: Inspections, choices: ImageChoices, channel: vscode.LogOutputChannel, log: Log) {
    this.#inspections = inspections;
    this.#choices = choices;
    this.#channel = channel;
    this.#log = log;
  }

  /** The view of the text as it stands; undefined when it changed again meanwhile. */
  async view(document: vscode.TextDocument): Promise<DockerfileView | undefined> {
    const open = this.#of(document);
    const { dockerfile, provable, guesses } = this.#parsed(document, open);
    const choice = this.#choices.get(document.uri);
    const status = await this.#status(open, dockerfile, choice, guesses);
    return status && { dockerfile, provable, status, measure: currentMeasure(), nowEpochMs: Date.now() };
  }

  /** What costs bytes, for the text as it stands; undefined when it changed again meanwhile. */
  async findings(document: vscode.TextDocument): Promise<DockerfileFindings | undefined> {
    const open = this.#of(document);
    const { version, dockerfile, text, provable, context } = this.#parsed(document, open);
    const view = await this.view(document);
    if (!view || document.version !== version) return undefined;
    const image = view.status.kind === "known" ? view.status : undefined;
    const targetStage = image?.targetStage ?? dockerfile.stages.length - 1;
    return {
      version,
      findings: dockerfileFindings({ dockerfile, text, targetStage, provable, context, inspection: image?.inspection }),
      imageName: image?.imageName,
      ignoreFileName: context?.ignoreFileName,
    };
  }

  /** To be called when files of a build context, or what is ignored of them, may have changed. */
  forgetContexts(): void {
    this.#contextVersion++;
  }

  guesses(document: vscode.TextDocument): readonly ImageGuess[] {
    return this.#parsed(document, this.#of(document)).guesses;
  }

  async #status(
    open: OpenDockerfile,
    dockerfile: Dockerfile,
    choice: ImageChoice | undefined,
    guesses: readonly ImageGuess[],
  ): Promise<ImageStatus | undefined> {
    if (!vscode.workspace.isTrusted) return { kind: "untrusted" };
    if (!choice) return { kind: "none", guess: guesses[0] };
    const imageName = choice.name;
    const state = this.#inspections.get(imageName);
    switch (state?.kind) {
      case "reading":
        return { kind: "reading", imageName, progress: progressText(state.progress) };
      case "failed":
        return { kind: "failed", imageName, message: failureOf(state.error).message };
      case "known":
        return this.#known(open, dockerfile, choice, state.inspection);
      case undefined:
        this.#inspectOnOpen(imageName);
        return { kind: "chosen", imageName };
    }
  }

  async #known(open: OpenDockerfile, dockerfile: Dockerfile, choice: ImageChoice, basis: Inspection): Promise<ImageStatus | undefined> {
    const targetStage = stageNamed(dockerfile, choice.target);
    if (targetStage === undefined) return { kind: "chosen", imageName: choice.name };
    const question = questionForStage(dockerfile, targetStage, basis.image, currentChunkSizeBytes());
    const edited = !isSameQuestion(question, basis.question);
    const inspection = await this.#answer(open, basis, edited ? question : { ...basis.question, chunkSizeBytes: question.chunkSizeBytes });
    if (!inspection) return undefined;
    this.#inspections.setAnswer(choice.name, basis, inspection, edited);
    return { kind: "known", imageName: choice.name, inspection, targetStage, edited };
  }

  /** Estimates for a question, from facts in memory. Latest wins: undefined when another question came meanwhile. */
  #answer(open: OpenDockerfile, basis: Inspection, question: StartupQuestion): Promise<Inspection | undefined> {
    const key = JSON.stringify(question);
    const { running, answer } = open;
    if (running?.question === key && running.basis === basis) return running.result;
    running?.cancel.abort();
    delete open.running;
    if (key === JSON.stringify(basis.question)) {
      open.answer = { basis, question: key, inspection: basis };
      return Promise.resolve(basis);
    }
    if (answer?.basis === basis && answer.question === key) return Promise.resolve(answer.inspection);
    const cancel = new AbortController();
    const result = this.#estimate(open, basis, question, cancel.signal);
    open.running = { basis, question: key, cancel, result };
    void result.finally(() => {
      if (open.running?.cancel === cancel) delete open.running;
    });
    return result;
  }

  async #estimate(
    open: OpenDockerfile,
    basis: Inspection,
    question: StartupQuestion,
    signal: AbortSignal,
  ): Promise<Inspection | undefined> {
    try {
      await delay(settleMs, signal);
      const { estimateAgain } = await import("./engine.ts");
      const inspection = await estimateAgain(basis, question, { signal, log: this.#log });
      if (signal.aborted) return undefined;
      open.answer = { basis, question: JSON.stringify(question), inspection };
      return inspection;
    } catch (error) {
      if (isCancelled(error, signal)) return undefined;
      logFailure(error, this.#channel);
      return basis;
    }
  }

  /** Once is enough: an inspection that the user stopped must not begin again by itself. */
  #inspectOnOpen(imageName: string): void {
    if (this.#inspections.wasAsked(imageName)) return;
    try {
      if (!readSettings().inspectOnOpen) return;
    } catch {
      return;
    }
    // Not while lenses are being answered: its first change would ask for them again.
    setImmediate(() => {
      if (this.#inspections.wasAsked(imageName)) return;
      const result = this.#inspections.inspect(imageName);
      result.catch((error: unknown) => logFailure(error, this.#channel));
      void vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: `Coldstart: reading ${imageName}` }, () =>
        result.then(
          () => undefined,
          () => undefined,
        ),
      );
    });
  }

  #of(document: vscode.TextDocument): OpenDockerfile {
    const known = this.#open.get(document);
    if (known) return known;
    const made: OpenDockerfile = {};
    this.#open.set(document, made);
    return made;
  }

  #parsed(document: vscode.TextDocument, open: OpenDockerfile): Parsed {
    const before = open.parsed;
    if (before?.version === document.version && before.contextVersion === this.#contextVersion) return before;
    const text = document.getText();
    const dockerfile = parseDockerfile(text).value;
    const isFile = document.uri.scheme === "file";
    const path = document.uri.fsPath;
    const folderSizes = before?.contextVersion === this.#contextVersion ? before.folderSizes : new Map<string, number>();
    const context = isFile ? rememberingSizes(buildContextOf(dirname(path), basename(path)), folderSizes) : undefined;
    const parsed: Parsed = {
      version: document.version,
      contextVersion: this.#contextVersion,
      text,
      dockerfile,
      context,
      folderSizes,
      provable: context ? provableFacts(dockerfile, context) : [],
      // Build files seldom change while the Dockerfile is typed.
      guesses: isFile ? (before?.guesses ?? guessImages(path, tryReadText)) : [],
    };
    open.parsed = parsed;
    return parsed;
  }
}

/** Folders are counted once while a text is typed: `.git` may hold thousands of files. */
function rememberingSizes(context: SizedBuildContext, sizes: Map<string, number>): SizedBuildContext {
  return {
    ...context,
    sizeBytes(path) {
      const sizeBytes = sizes.get(path) ?? context.sizeBytes(path);
      sizes.set(path, sizeBytes);
      return sizeBytes;
    },
  };
}

function stageNamed(dockerfile: Dockerfile, target: string | undefined): number | undefined {
  const { stages } = dockerfile;
  const named =
    target === undefined ? undefined : stages.find((stage) => stage.name === target.toLowerCase() || String(stage.index) === target);
  return (named ?? stages.at(-1))?.index;
}

function tryReadText(path: string): string | undefined {
  try {
    return statSync(path).size <= largestBuildFileBytes ? readFileSync(path, "utf8") : undefined;
  } catch {
    return undefined;
  }
}
