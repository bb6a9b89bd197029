import { expect, test } from "vitest";
import { dockerfileHover } from "../../src/extension/dockerfileHover.ts";
import { known, knownInspection, view } from "./lensSample.ts";

function markdownAt(line: number, given = view()): string | undefined {
  return dockerfileHover(given, line - 1)?.markdown;
}

test("FROM of the built stage shows all four measures with their intervals", () => {
  const markdown = markdownAt(7) ?? "";
  for (const label of ["Pages read", "Files opened", "Whole files", "Chunks fetched"]) expect(markdown).toContain(`| ${label} |`);
  expect(markdown).toContain("| 194 MB | 2\\.9 % | 1\\.5 % to 5\\.8 % |");
  expect(markdown).toContain("Confidence: high");
});

test("an instruction shows its layer and the files that are opened", () => {
  const file = {
    path: "/usr/lib/libbig.so",
    sizeBytes: 9_000_000,
    layerIndex: 1,
    probability: 0.9,
    rule: "elf",
    evidence: "needed by serve.py",
    moment: "ready" as const,
    pageBytes: 400_000,
    order: 0,
    requestPageBytes: 400_000,
  };
  const inspection = knownInspection({ files: [file] });
  const markdown = markdownAt(5, view({ status: known({ inspection }) })) ?? "";
  expect(markdown).toContain("**Layer 2: 5\\.4 GB, 3\\.0 % touched \\(4 KiB pages\\)**");
  expect(markdown).toContain("- /usr/lib/libbig\\.so (400 kB of 9.0 MB, 90.0 % likely): needed by serve\\.py");
});

test("ENTRYPOINT shows what runs and why the truth may differ", () => {
  const inspection = knownInspection({ flags: [{ code: "dynamic-import", message: "serve.py:31 imports by a name." }] });
  const markdown = markdownAt(11, view({ status: known({ inspection }) })) ?? "";
  expect(markdown).toContain("1. python3 serve\\.py (/usr/bin/python3\\.11)");
  expect(markdown).toContain("- serve\\.py:31 imports by a name\\.".replace(":", "\\:"));
});

test("a stage that is no part of the image says only what the text proves", () => {
  const range = { startLine: 0, startColumn: 0, endLine: 0, endColumn: 25 };
  const provable = [{ range, summary: "never copied from: 0 bytes in the image", reason: "Nothing takes from it." }];
  expect(markdownAt(1, view({ provable }))).toBe("**never copied from\\: 0 bytes in the image**\n\nNothing takes from it\\.");
  expect(markdownAt(2)).toBeUndefined();
});

test("nothing from an image becomes markup, link or command", () => {
  const evil = "![x](command:workbench.action.terminal.new) <img src=x> | `code` https://evil.test @user";
  const inspection = knownInspection({
    commands: [{ argv: [evil], executable: evil, probability: 1 }],
    flags: [{ code: "x", message: evil }],
  });
  const markdown = markdownAt(11, view({ status: known({ inspection }) })) ?? "";
  expect(markdown).not.toMatch(/(?<!\\)[<`![\]|@]/);
  expect(markdown).not.toMatch(/https:/);
});
