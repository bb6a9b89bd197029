import type { PickItem } from "../pick.ts";
import { visibleText } from "../visibleText.ts";
import { imageProblem, pullableName } from "./benchImages.ts";

/** What a typed image stands for: an item to choose, or one that says what is wrong with the name. */
export function typedImage<T>(text: string, valueOf: (image: string) => T): PickItem<T> {
  const problem = imageProblem(text);
  return problem === undefined
    ? { label: visibleText(text), description: "this image", value: valueOf(pullableName(text) ?? text) }
    : { label: visibleText(text), detail: visibleText(problem, 300) };
}
