import * as vscode from "vscode";
import type { ImageGuess } from "../dockerfile/imageGuess.ts";
import { visibleText } from "./visibleText.ts";

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

interface ImageItem extends vscode.QuickPickItem {
  readonly choice?: ImageChoice;
}

/** Asks for an image: by name, or one of those that the build files name or that were inspected lately. Undefined when dismissed. */
export function askForImage(title: string, guesses: readonly ImageGuess[], recent: readonly string[]): Promise<ImageChoice | undefined> {
  const picker = vscode.window.createQuickPick<ImageItem>();
  picker.title = title;
  picker.placeholder = "python:3.12, docker://registry/name:tag, oci:folder:tag, docker-archive:file, docker-daemon:name";
  picker.matchOnDescription = true;
  const offered: ImageItem[] = [
    ...guesses.map((guess) => ({
      label: visibleText(guess.name),
      description: visibleText(guess.reason),
      choice: { name: guess.name, ...(guess.target !== undefined && { target: guess.target }) },
    })),
    ...recent
      .filter((name) => !guesses.some((guess) => guess.name === name))
      .map((name) => ({ label: visibleText(name), description: "inspected before", choice: { name } })),
  ];
  const show = (): void => {
    const typed = picker.value.trim();
    const own: ImageItem[] =
      typed === "" || offered.some((item) => item.choice?.name === typed)
        ? []
        : [{ label: visibleText(typed), description: "inspect this image", alwaysShow: true, choice: { name: typed } }];
    picker.items = [...own, ...offered];
  };
  show();
  return new Promise((resolve) => {
    picker.onDidChangeValue(show);
    picker.onDidAccept(() => {
      resolve(picker.selectedItems[0]?.choice);
      picker.hide();
    });
    picker.onDidHide(() => {
      resolve(undefined);
      picker.dispose();
    });
    picker.show();
  });
}
