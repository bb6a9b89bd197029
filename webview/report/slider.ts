import { el, on } from "../dom.ts";

export interface Slider {
  readonly element: HTMLElement;
  update(value: number, text: string): void;
}

/** A range with its name and its value in words, both spoken. */
export function slider(
  id: string,
  label: string,
  { min, max, step }: { readonly min: number; readonly max: number; readonly step: number },
  onInput: (value: number) => void,
): Slider {
  const input = el("input", { type: "range", id, min, max, step });
  const output = el("output", { for: id });
  on(input, "input", () => onInput(Number(input.value)));
  return {
    element: el("div", { class: "slider" }, el("label", { for: id }, label), input, output),
    update(value, text) {
      if (Number(input.value) !== value) input.value = String(value);
      input.setAttribute("aria-valuetext", text);
      output.textContent = text;
    },
  };
}
