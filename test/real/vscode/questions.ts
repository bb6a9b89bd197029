import type { Locator, Page } from "playwright-core";
import { poll } from "../parts/process.ts";

/** The workbench's questions in a row, answered by clicks and keys as a person would. */

/** Waits for the question that begins so. */
export async function question(page: Page, placeholder: string | RegExp): Promise<Locator> {
  const widget = page.locator(".quick-input-widget");
  const input = widget.locator("input.input");
  await poll(`the question "${String(placeholder)}"`, async () => {
    if (!(await widget.isVisible())) return false;
    const shown = (await input.getAttribute("placeholder")) ?? "";
    return typeof placeholder === "string" ? shown.startsWith(placeholder) : placeholder.test(shown);
  });
  return widget;
}

/** Clicks the row of a question; long lists are filtered first, since only rows in sight exist. */
export async function choose(page: Page, placeholder: string, label: string): Promise<void> {
  const widget = await question(page, placeholder);
  const text = new RegExp(`^${label.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`);
  await widget.locator(".monaco-list-row").first().waitFor();
  await widget.locator("input.input").fill(label);
  await widget
    .locator(".monaco-list-row")
    .filter({ has: page.locator(".label-name", { hasText: text }) })
    .first()
    .click();
}

/** Types an answer and confirms it, as fast as nobody can. */
export async function type(page: Page, placeholder: string, text: string): Promise<void> {
  const widget = await question(page, placeholder);
  await widget.locator("input.input").fill(text);
  await page.keyboard.press("Enter");
}

/** Takes what is offered first. */
export async function accept(page: Page, placeholder: string): Promise<void> {
  const widget = await question(page, placeholder);
  await widget.locator(".monaco-list-row.focused").first().waitFor();
  await page.keyboard.press("Enter");
}

/** Checks exactly these rows of a question that takes several, and goes on. */
export async function check(page: Page, placeholder: string, labels: readonly string[]): Promise<void> {
  const widget = await question(page, placeholder);
  const rows = widget.locator(".monaco-list-row");
  await rows.first().waitFor();
  for (const row of await rows.all()) {
    const name = (await row.locator(".label-name").first().innerText()).trim();
    const box = row.locator("input[type=checkbox], .monaco-checkbox, .quick-input-list-checkbox").first();
    const isChecked = (await box.getAttribute("aria-checked")) === "true" || (await box.isChecked().catch(() => false));
    if (isChecked !== labels.includes(name)) await row.click();
  }
  await widget.locator(".quick-input-action .monaco-button", { hasText: "OK" }).click();
}

/** The dialog in the middle. */
export function dialog(page: Page): Locator {
  return page.locator(".monaco-dialog-box");
}
