import * as vscode from "vscode";
import { isCancelled } from "../base/errors.ts";
import type { Log } from "../base/log.ts";
import type { Inspection } from "../inspect/inspection.ts";
import type { PanelProgress } from "../protocol/messages.ts";
import { requireTrust } from "./failure.ts";
import { InspectProgress } from "./inspectProgress.ts";
import { readSettings } from "./settings.ts";

/** What is known of one image name in this session. */
export type ImageState =
  | { readonly kind: "reading"; readonly progress: PanelProgress }
  | { readonly kind: "failed"; readonly error: unknown }
  | {
      readonly kind: "known";
      /** For the image's own command. */
      readonly inspection: Inspection;
      /** For the text of the Dockerfile that asked last. */
      readonly answered: Inspection;
      readonly edited: boolean;
    };

/** Catalogs of large images take tens of megabytes. */
const mostKnown = 4;
/** Progress is told at most this often. */
const tellEveryMs = 100;

interface Running {
  readonly result: Promise<Inspection>;
  readonly cancel: AbortController;
}

/** The images of this session: inspected once, asked by lenses and panels. */
export class Inspections implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<string>();
  /** Fires with the name of the image whose state changed. */
  readonly onDidChange = this.#changed.event;
  readonly #answered = new vscode.EventEmitter<string>();
  /** Fires when a Dockerfile's text made another answer of a known image. Lenses do not listen: they are who asked. */
  readonly onDidAnswer = this.#answered.event;
  readonly #states = new Map<string, ImageState>();
  readonly #running = new Map<string, Running>();
  readonly #asked = new Set<string>();
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  get(imageName: string): ImageState | undefined {
    return this.#states.get(imageName);
  }

  /** Whether anybody asked for the image in this session, however that ended. */
  wasAsked(imageName: string): boolean {
    return this.#asked.has(imageName);
  }

  /** Reads the image, again if it is known; who asks while it is being read waits for the same result. */
  inspect(imageName: string): Promise<Inspection> {
    this.#asked.add(imageName);
    const running = this.#running.get(imageName);
    if (running) return running.result;
    const cancel = new AbortController();
    const before = this.#states.get(imageName);
    const result = this.#read(imageName, cancel.signal)
      .then(
        (inspection) => {
          this.#set(imageName, { kind: "known", inspection, answered: inspection, edited: false });
          return inspection;
        },
        (error: unknown) => {
          if (!isCancelled(error, cancel.signal)) this.#set(imageName, { kind: "failed", error });
          else if (before && before.kind !== "reading") this.#set(imageName, before);
          else this.#forget(imageName);
          throw error;
        },
      )
      .finally(() => this.#running.delete(imageName));
    this.#running.set(imageName, { result, cancel });
    // Who waits hears of the failure; nobody need wait.
    result.catch(() => undefined);
    return result;
  }

  cancel(imageName: string): void {
    this.#running.get(imageName)?.cancel.abort();
  }

  /** Notes what a Dockerfile's text makes of a known image. */
  setAnswer(imageName: string, inspection: Inspection, answered: Inspection, edited: boolean): void {
    const state = this.#states.get(imageName);
    if (state?.kind !== "known" || state.inspection !== inspection || (state.answered === answered && state.edited === edited)) return;
    this.#states.set(imageName, { ...state, answered, edited });
    this.#answered.fire(imageName);
  }

  /** Answers again for another chunk size, from facts in memory. */
  async setChunkSize(chunkSizeBytes: number): Promise<void> {
    const { estimateAgain } = await import("./engine.ts");
    for (const [imageName, state] of [...this.#states]) {
      if (state.kind !== "known" || state.answered.question.chunkSizeBytes === chunkSizeBytes) continue;
      const question = { ...state.answered.question, chunkSizeBytes };
      const answered = await estimateAgain(state.inspection, question, { log: this.#log });
      this.setAnswer(imageName, state.inspection, answered, state.edited);
    }
  }

  dispose(): void {
    for (const { cancel } of this.#running.values()) cancel.abort();
    this.#changed.dispose();
    this.#answered.dispose();
  }

  async #read(imageName: string, signal: AbortSignal): Promise<Inspection> {
    requireTrust();
    const progress = new InspectProgress();
    this.#set(imageName, { kind: "reading", progress: progress.snapshot });
    const settings = readSettings();
    const { inspect } = await import("./engine.ts");
    let toldAtMs = 0;
    for await (const event of inspect(imageName, settings, { signal, log: this.#log })) {
      if (event.kind === "done") return event.inspection;
      progress.add(event);
      const nowMs = performance.now();
      if (event.kind === "layer" && nowMs - toldAtMs < tellEveryMs) continue;
      toldAtMs = nowMs;
      this.#set(imageName, { kind: "reading", progress: progress.snapshot });
    }
    throw new Error("an inspection ended without a result");
  }

  #set(imageName: string, state: ImageState): void {
    // Set anew, the name moves to the end: the first known one was used least recently.
    this.#states.delete(imageName);
    this.#states.set(imageName, state);
    const known = [...this.#states].filter(([, { kind }]) => kind === "known").map(([name]) => name);
    for (const name of known.slice(0, Math.max(0, known.length - mostKnown))) this.#forget(name);
    this.#changed.fire(imageName);
  }

  #forget(imageName: string): void {
    this.#states.delete(imageName);
    this.#changed.fire(imageName);
  }
}
