import type * as vscode from "vscode";

/** The image that the user chose for a Dockerfile. */
export interface ImageChoice {
  readonly name: string;
  /** The stage it is built from; absent: the last. */
  readonly target?: string | undefined;
}

const choicesKey = "imageChoices";
const recentKey = "recentImages";
const mostRecent = 10;
const mostChoices = 500;

/** Remembers choices in the workspace: which image belongs to which Dockerfile, and which were inspected lately. */
export class ImageChoices {
  readonly #memory: vscode.Memento;

  constructor(memory: vscode.Memento) {
    this.#memory = memory;
  }

  get(dockerfile: vscode.Uri): ImageChoice | undefined {
    return this.#choices()[dockerfile.toString()];
  }

  async set(dockerfile: vscode.Uri, choice: ImageChoice): Promise<void> {
    const others = Object.entries(this.#choices()).filter(([uri]) => uri !== dockerfile.toString());
    await this.#memory.update(choicesKey, Object.fromEntries([...others.slice(-mostChoices + 1), [dockerfile.toString(), choice]]));
    await this.addRecent(choice.name);
  }

  recent(): readonly string[] {
    return this.#memory.get<readonly string[]>(recentKey, []);
  }

  async addRecent(name: string): Promise<void> {
    await this.#memory.update(recentKey, [name, ...this.recent().filter((other) => other !== name)].slice(0, mostRecent));
  }

  async forget(name: string): Promise<void> {
    await this.#memory.update(
      recentKey,
      this.recent().filter((other) => other !== name),
    );
  }

  #choices(): Readonly<Record<string, ImageChoice>> {
    return this.#memory.get<Readonly<Record<string, ImageChoice>>>(choicesKey, {});
  }
}
