import { expect, test } from "vitest";
import { documentOf } from "../../../src/results/document.ts";
import { chartForms, chartNames, type ChartChoice, type ChartName } from "../../../src/results/pictures/chartNames.ts";
import { chartPicture, chartsOf } from "../../../src/results/pictures/chartPicture.ts";
import type { Picture, Shape } from "../../../src/results/pictures/picture.ts";
import { pictureSvg, xmlText } from "../../../src/results/pictures/pictureSvg.ts";
import { sampleArms, stargz } from "../../../webview/dev/sampleArms.ts";
import { sampleBench } from "../../../webview/dev/sampleBench.ts";
import { sampleBoots } from "../../../webview/dev/sampleBoots.ts";
import { sampleFiles, savedReport } from "../../../webview/dev/sampleImage.ts";
import { expectGolden } from "../../golden.ts";

const made = { atEpochMs: 1_795_000_000_000, version: "0.1.0" };
const image = savedReport(sampleFiles(2000), "image");
const all = documentOf({ bench: sampleBench(), boots: sampleBoots(false), image }, made);
const hostile = documentOf(
  { bench: sampleBench({ hostile: true }), boots: sampleBoots(true), image: savedReport(sampleFiles(2000), "hostile") },
  made,
);
const lost = documentOf(
  {
    bench: sampleBench({
      arms: sampleArms.map((arm) => ({ ...arm, mishaps: { 0: "crash", 1: "timeout", 2: "pull-failed" } as const })),
      trialsPerArm: 3,
    }),
  },
  made,
);
const alone = documentOf({ bench: sampleBench({ arms: [stargz], trialsPerArm: 5 }) }, made);

function drawn(document: typeof all, choice: ChartChoice): Picture {
  const picture = chartPicture(document, choice);
  if (!picture) throw new Error(`no picture of ${choice.name}`);
  return picture;
}

function texts({ shapes }: Picture): readonly string[] {
  return shapes.flatMap((shape) => (shape.kind === "text" ? [shape.text] : []));
}

test.each(chartNames)("the picture of %s", (name) => {
  expectGolden(`results/chart-${name}.svg`, pictureSvg(drawn(all, { name })));
});

test.each(chartNames)("%s is well-formed XML with all text escaped, loads nothing, and stays within its frame", (name) => {
  for (const document of [all, hostile]) {
    const picture = drawn(document, { name });
    const svg = pictureSvg(picture);
    wellFormed(svg);
    expect(svg).not.toMatch(/<(?:script|image|foreignObject|a|use)\b|href=|url\((?!#)|on\w+=(?=["'])/);
    expect(svg).not.toContain("<img");
    expect(picture.shapes.filter((shape) => !isWithin(shape, picture))).toEqual([]);
  }
});

/** Texts by the width of their letters in a wide font. */
function isWithin(shape: Shape, { widthPx, heightPx }: Picture): boolean {
  const inside = (x: number, y: number): boolean => x >= 0 && x <= widthPx && y >= 0 && y <= heightPx && Number.isFinite(x + y);
  switch (shape.kind) {
    case "rect":
      return inside(shape.x, shape.y) && inside(shape.x + shape.width - 1, shape.y + shape.height) && shape.width >= 0;
    case "line":
      return inside(shape.x1, shape.y1) && inside(shape.x2, shape.y2);
    case "text": {
      const width = shape.text.length * shape.sizePx * 0.55;
      const left = shape.anchor === "start" ? shape.x : shape.anchor === "end" ? shape.x - width : shape.x - width / 2;
      return inside(left, shape.y) && inside(left + width, shape.y);
    }
    case "dot":
    case "mark":
    case "ring":
      return inside(shape.x, shape.y);
  }
}

test("each document has the charts that it holds something for, and no other is drawn", () => {
  const cases: readonly (readonly [typeof all, readonly ChartName[]])[] = [
    [all, chartNames],
    [documentOf({ boots: sampleBoots(false) }, made), ["boot"]],
    [documentOf({ image }, made), ["image"]],
    [lost, ["where", "waterfall"]],
    [alone, ["where", "waterfall", "trials", "stages"]],
    [documentOf({}, made), []],
  ];
  for (const [document, names] of cases) {
    expect(chartsOf(document)).toEqual(names);
    for (const name of chartNames) expect(chartPicture(document, { name }) !== undefined, name).toBe(names.includes(name));
  }
  for (const name of chartNames) expect(chartForms[name].needs).not.toBe("");
});

test("what is chosen is drawn: the trial, the arm, the ladder's settings, the boot", () => {
  const failed = all.bench?.run.trials.find(({ outcome }) => outcome.kind !== "ready");
  expect(drawn(all, { name: "waterfall", trialId: failed?.id }).title).toBe(
    `${failed?.arm}, trial ${(failed?.order ?? 0) + 1} of fastapi-sklearn on L4`,
  );
  expect(drawn(all, { name: "gain", arm: "Nydus" }).title).toBe("What is left of the gain: Nydus beside overlayfs");
  const slowed = drawn(all, { name: "gain", arm: "Nydus", slowdown: 20, provisioningMs: 0 });
  expect(texts(slowed).some((text) => text.endsWith("slower"))).toBe(true);
  expect(slowed.shapes.some((shape) => shape.kind === "rect" && shape.fill === "lost")).toBe(true);
  expect(slowed.description).toContain("new node none");
  expect(drawn(all, { name: "boot", boot: 1 }).title).toBe("Boot of ip-10-0-3-22");
  expect(chartPicture(all, { name: "waterfall", trialId: "t999" })).toBeUndefined();
  expect(chartPicture(all, { name: "gain", arm: "overlayfs" })).toBeUndefined();
  expect(chartPicture(all, { name: "boot", boot: 7 })).toBeUndefined();
});

test("every trial with a time is one point; what is set aside is hollow, an outlier has a ring", () => {
  const { shapes } = drawn(all, { name: "trials" });
  // Four of the marks are the legend's.
  expect(shapes.filter(({ kind }) => kind === "mark")).toHaveLength(38 + 4);
  const tainted = all.bench?.run.trials.filter(({ taints, outcome }) => outcome.kind === "ready" && taints.length > 0) ?? [];
  expect(shapes.filter((shape) => shape.kind === "mark" && shape.isHollow)).toHaveLength(tainted.length);
  expect(shapes.filter(({ kind }) => kind === "ring")).toHaveLength(
    all.bench?.summary.arms.reduce((sum, { outliers }) => sum + outliers.length, 0) ?? 0,
  );
});

test("ten thousand trials are one picture of points that nobody points at", () => {
  const many = drawn(documentOf({ bench: sampleBench({ trialsPerArm: 2500 }) }, made), { name: "trials" });
  const marks = many.shapes.filter((shape) => shape.kind === "mark");
  expect(marks.length).toBeGreaterThan(9000);
  expect(marks.slice(0, 9000).every(({ title }) => title === undefined)).toBe(true);
});

test("a failed start of the boot has a sign and a word, and a long chain keeps its longest", () => {
  const boot = drawn(all, { name: "boot" });
  expect(texts(boot)).toContain("✕ efs-wait.mount");
  expect(texts(boot)).toContain("failed; ran into its time limit");
  const boots = sampleBoots(false);
  const [first] = boots.boots;
  if (!first) throw new Error("no boot");
  const spans = Array.from({ length: 120 }, (_, index) => ({
    kind: "start" as const,
    unit: `unit-${index}.service`,
    class: "other" as const,
    fromMs: index * 10,
    durationMs: 10 + (index === 70 ? 500 : index / 100),
    notes: [],
  }));
  const long = { ...boots, boots: [{ ...first, chain: { ...first.chain, endAtMs: 1700, spans } }] };
  const picture = drawn(documentOf({ boots: long }, made), { name: "boot" });
  expect(texts(picture)).toContain("unit-70.service");
  expect(texts(picture).filter((text) => text.startsWith("unit-"))).toHaveLength(40);
  expect(texts(picture).at(-1)).toContain("80 short ones are left out.");
});

test("text is escaped; an empty picture is one, too", () => {
  expect(xmlText("a\u0000<b>&\"'\ud800")).toBe("a\ufffd&#60;b&#62;&#38;&#34;&#39;\ufffd");
  expect(pictureSvg({ widthPx: 1, heightPx: 1, title: "", description: "", shapes: [] })).toMatch(/^<svg [^]*<\/svg>\n$/);
});

/** Tags nest, attributes are quoted, `<` and `&` stand for nothing else. */
function wellFormed(xml: string): void {
  const open: string[] = [];
  const rest = xml.replace(
    /<(\/?)([A-Za-z]+)((?:\s+[\w:-]+="[^"<&]*(?:&#\d+;[^"<&]*)*")*)\s*(\/?)>/g,
    (_whole, closing: string, name: string, _attributes, alone: string) => {
      if (closing !== "") expect(open.pop()).toBe(name);
      else if (alone === "") open.push(name);
      return "";
    },
  );
  expect(open).toEqual([]);
  expect(rest.replace(/&#\d+;/g, "")).not.toMatch(/[<&]/);
}
