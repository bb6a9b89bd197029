import { workClasses, type WorkClassName } from "../../src/boot/workClasses.ts";
import { el } from "../dom.ts";

/** Colour and pattern of a class of work; the same for bars and keys. */
export function workClassFill(name: WorkClassName): string {
  return `fill work-${name}`;
}

export function workClassTitle(name: WorkClassName): string {
  return workClasses.find((work) => work.name === name)?.title ?? name;
}

export function workClassKeys(names: readonly WorkClassName[]): HTMLElement {
  const seen = [...new Set(names)];
  return el(
    "p",
    { class: "keys" },
    ...seen.map((name) =>
      el("span", { class: "key-of" }, el("span", { class: `swatch ${workClassFill(name)}`, "aria-hidden": "true" }), workClassTitle(name)),
    ),
  );
}
