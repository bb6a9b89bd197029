/** The one file that names the UI toolkit: its controls, as the rest of the panel asks for them. */
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeProgressRing,
  vsCodeTextField,
  type Dropdown,
  type TextField,
} from "@vscode/webview-ui-toolkit";
import { on } from "./dom.ts";

export function registerElements(): void {
  provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeDropdown(), vsCodeOption(), vsCodeProgressRing(), vsCodeTextField());
}

export function button(label: string, kind: "primary" | "secondary", onClick: () => void): HTMLElement {
  const element = custom("vscode-button", { appearance: kind });
  element.textContent = label;
  return on(element, "click", onClick);
}

export interface TextInput {
  readonly element: HTMLElement;
  value: string;
}

export function searchField(label: string, placeholder: string, onInput: (text: string) => void): TextInput {
  const element = custom("vscode-text-field", { placeholder }) as TextField;
  // The toolkit overwrites `aria-label` with the element's text.
  element.textContent = label;
  on(element, "input", () => onInput(element.value));
  return {
    element,
    get value() {
      return element.value;
    },
    set value(text) {
      element.value = text;
    },
  };
}

export interface Choice<Value extends string> {
  readonly element: HTMLElement;
  value: Value;
}

/** A drop-down list; `options` from value to label, in order. */
export function choice<Value extends string>(
  label: string,
  options: readonly (readonly [Value, string])[],
  onChange: (value: Value) => void,
): Choice<Value> {
  const element = custom("vscode-dropdown", { "aria-label": label }) as Dropdown;
  for (const [value, text] of options) {
    const option = custom("vscode-option", { value });
    option.textContent = text;
    element.append(option);
  }
  on(element, "change", () => onChange(element.value as Value));
  return {
    element,
    get value() {
      return element.value as Value;
    },
    set value(value) {
      element.value = value;
    },
  };
}

export function progressRing(label = "Reading the image"): HTMLElement {
  return custom("vscode-progress-ring", { "aria-label": label });
}

function custom(tag: string, attributes: Readonly<Record<string, string>>): HTMLElement {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}
