import type * as vscode from "vscode";
import type { NodeTarget } from "../../bench/plan.ts";

/** What was chosen last, so that the same questions offer it first. */
export interface RememberedAnswers {
  readonly context?: string;
  readonly trialsPerArm?: number;
  /** By context. */
  readonly targets: Readonly<Record<string, NodeTarget>>;
  /** By context: names of the arms. */
  readonly arms: Readonly<Record<string, readonly string[]>>;
  /** By context and resource. */
  readonly gpuCounts: Readonly<Record<string, number>>;
  /** By image: the short form. */
  readonly readiness: Readonly<Record<string, string>>;
  /** By image and snapshotter: the same image in the form that it needs. */
  readonly armImages: Readonly<Record<string, string>>;
}

const answersKey = "benchAnswers";
const imagesKey = "benchImages";
const consentKey = "probeConsent";
const mostKept = 50;
const nothing: RememberedAnswers = { targets: {}, arms: {}, gpuCounts: {}, readiness: {}, armImages: {} };

/** Remembers choices in the workspace. Consent to the probe is kept for a context together with its server, as contexts may be pointed elsewhere. */
export class BenchMemory {
  readonly #memory: vscode.Memento;

  constructor(memory: vscode.Memento) {
    this.#memory = memory;
  }

  get answers(): RememberedAnswers {
    return { ...nothing, ...this.#memory.get<Partial<RememberedAnswers>>(answersKey, {}) };
  }

  async remember(change: Partial<RememberedAnswers>): Promise<void> {
    const { targets, arms, gpuCounts, readiness, armImages, ...rest } = this.answers;
    await this.#memory.update(answersKey, {
      ...rest,
      ...change,
      targets: merged(targets, change.targets),
      arms: merged(arms, change.arms),
      gpuCounts: merged(gpuCounts, change.gpuCounts),
      readiness: merged(readiness, change.readiness),
      armImages: merged(armImages, change.armImages),
    });
  }

  images(): readonly string[] {
    return this.#memory.get<readonly string[]>(imagesKey, []);
  }

  async addImage(image: string): Promise<void> {
    await this.#memory.update(imagesKey, [image, ...this.images().filter((other) => other !== image)].slice(0, 10));
  }

  hasConsent(context: string, server: string): boolean {
    return this.#memory.get<readonly string[]>(consentKey, []).includes(consentName(context, server));
  }

  async addConsent(context: string, server: string): Promise<void> {
    const others = this.#memory.get<readonly string[]>(consentKey, []).filter((name) => name !== consentName(context, server));
    await this.#memory.update(consentKey, [...others, consentName(context, server)].slice(-mostKept));
  }
}

/** The newest is kept longest. */
export function merged<T>(kept: Readonly<Record<string, T>>, added: Readonly<Record<string, T>> | undefined): Readonly<Record<string, T>> {
  const others = Object.entries(kept).filter(([key]) => !Object.hasOwn(added ?? {}, key));
  return Object.fromEntries([...others, ...Object.entries(added ?? {})].slice(-mostKept));
}

function consentName(context: string, server: string): string {
  return JSON.stringify([context, server]);
}
