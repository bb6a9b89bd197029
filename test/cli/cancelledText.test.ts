import { expect, test } from "vitest";
import { cancelledText } from "../../src/cli/cancelledText.ts";

test.each([
  ["inspect", "Cancelled. Layers that were read whole are remembered."],
  ["bench", "Cancelled. Trials that had ended are in the report."],
  ["cleanup", "Cancelled. What was not removed yet is still on the cluster; run it again."],
  ["clear", "Cancelled."],
  [undefined, "Cancelled."],
])("%s, when cancelled, says what is left", (command, text) => {
  expect(cancelledText(command)).toBe(text);
});
