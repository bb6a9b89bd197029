import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Frame, Page } from "playwright-core";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Broken rules of accessibility, one line each. */
export async function axeViolations(frame: Frame | Page): Promise<string[]> {
  // `evaluate` is not subject to the page's content security policy, which would refuse axe as a script element.
  await frame.evaluate(axeSource);
  return frame.evaluate<string[]>(`(async () => {
    const { violations } = await axe.run();
    return violations.map(({ id, nodes }) => id + ": " + nodes.map(({ target }) => target.join(" ")).join(", ") + ": " + nodes[0].failureSummary);
  })()`);
}
