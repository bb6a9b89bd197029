import type { ImageGuess } from "../dockerfile/imageGuess.ts";
import type { ImageChoice } from "./imageChoices.ts";
import { pickAlone, type PickItem } from "./pick.ts";
import { visibleText } from "./visibleText.ts";

/** Asks for an image: by name, or one of those that the build files name or that were inspected lately. Undefined when dismissed. */
export function askForImage(title: string, guesses: readonly ImageGuess[], recent: readonly string[]): Promise<ImageChoice | undefined> {
  const guessed: PickItem<ImageChoice>[] = guesses.map(({ name, reason, target }) => ({
    label: visibleText(name),
    description: visibleText(reason),
    value: { name, target },
  }));
  const inspected: PickItem<ImageChoice>[] = recent
    .filter((name) => !guesses.some((guess) => guess.name === name))
    .map((name) => ({ label: visibleText(name), description: "inspected before", value: { name } }));
  return pickAlone(title, {
    placeholder: "python:3.12, docker://registry/name:tag, oci:folder:tag, docker-archive:file, docker-daemon:name",
    items: [...guessed, ...inspected],
    typed: (name) => ({ label: visibleText(name), description: "inspect this image", value: { name } }),
  });
}
