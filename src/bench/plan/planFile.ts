import { LineCounter, parseDocument, type Document } from "yaml";
import type * as z from "zod/mini";
import type { Problem, TextRange, WithProblems } from "../../base/text.ts";
import { draftOf } from "./draftOf.ts";
import { nearestName } from "./nearestName.ts";
import type { PlanDraft } from "./planDraft.ts";
import {
  armShape,
  grpcShape,
  limitsShape,
  planSchema,
  planShape,
  questionShape,
  readyShape,
  requestShape,
  secretShape,
  workloadShape,
} from "./planSchema.ts";
import { keyPlaceOf, placeOf, textRange } from "./yamlPlaces.ts";

/** Plans are written by people; larger files are something else. */
const maxLength = 1024 * 1024;

/**
 * Reads a plan file (`*.coldstart.yaml`; JSON is YAML too). A setting that is wrong is left out of the draft and told as a problem of
 * severity `error`, with its place in the text and what to write instead.
 */
export function readPlan(text: string): WithProblems<PlanDraft> {
  if (text.length > maxLength) return failed("The file is larger than 1 MB, so it is no plan.");
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, logLevel: "silent" });
  if (document.errors.length > 0) {
    const problems = document.errors.map(({ message, pos }) => yamlProblem(message, textRange(pos[0], pos[1], lines)));
    return { value: {}, problems };
  }
  let raw: unknown;
  try {
    // Aliases can multiply: a bomb of them ends as an error.
    raw = document.toJS({ maxAliasCount: 100 });
  } catch {
    return failed("The file repeats parts of itself (&name and *name) too often to be a plan; write them out.");
  }
  if (raw === null || raw === undefined) {
    return failed(
      "The plan is empty; write at least an image and arms, such as\nimage: registry.example/app:1.0\narms: [overlayfs, stargz]",
    );
  }
  return checked(raw, document, lines);
}

function checked(raw: unknown, document: Document, lines: LineCounter): WithProblems<PlanDraft> {
  const parsed = planSchema.safeParse(raw);
  const problems = parsed.success ? [] : parsed.error.issues.flatMap((issue) => problemsOf(issue, document, lines));
  const plan = parsed.success ? parsed.data : withoutWrong(raw, parsed.error.issues);
  const draft = draftOf(plan);
  const shorthand = draft.problems.map(({ path, message }) => problem(`${settingText(path)}: ${message}`, placeOf(document, path, lines)));
  return { value: draft.value, problems: [...problems, ...shorthand] };
}

/** The top-level settings that are right by themselves. */
function withoutWrong(raw: unknown, issues: readonly z.core.$ZodIssue[]) {
  const wrong = new Set(issues.flatMap((issue) => (issue.path.length > 0 ? [String(issue.path[0])] : [])));
  const entries = typeof raw === "object" && raw !== null && !Array.isArray(raw) ? Object.entries(raw) : [];
  const right = Object.fromEntries(entries.filter(([key]) => Object.hasOwn(planShape, key) && !wrong.has(key)));
  const parsed = planSchema.safeParse(right);
  return parsed.success ? parsed.data : {};
}

function problemsOf(issue: z.core.$ZodIssue, document: Document, lines: LineCounter): Problem[] {
  const { path } = issue;
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => problem(unknownText(path, key), keyPlaceOf(document, path, key, lines)));
  }
  // What is wrong is within one of the forms that the value may have: the one that it came furthest in.
  if (issue.code === "invalid_union") {
    const inner = issue.errors.flat().filter((each) => each.path.length > 0 || each.code === "unrecognized_keys");
    if (inner.length > 0) return inner.flatMap((each) => problemsOf({ ...each, path: [...path, ...each.path] }, document, lines));
  }
  const isKey = issue.code === "invalid_key";
  const message = isKey ? (issue.issues[0]?.message ?? issue.message) : issue.message;
  return [problem(`${settingText(path)}: ${message}.`, placeOf(document, path, lines))];
}

/** The settings that each part of a plan has; `*` stands for any place in a list. */
const knownKeys: ReadonlyMap<string, readonly string[]> = new Map([
  ["", Object.keys(planShape)],
  ["arms.*", Object.keys(armShape)],
  ["workload", Object.keys(workloadShape)],
  ["limits", Object.keys(limitsShape)],
  ["ready", Object.keys(readyShape)],
  ["ready.grpc", Object.keys(grpcShape)],
  ["firstRequest", Object.keys(requestShape)],
  ...["ready.http", "ready.https", "firstRequest.http", "firstRequest.https"].map((place) => [place, Object.keys(questionShape)] as const),
]);

/** Words that people know from elsewhere. */
const otherNames: Readonly<Record<string, string>> = {
  readiness: "ready",
  readinessprobe: "ready",
  request: "firstRequest",
  repeats: "trials",
  repetitions: "trials",
  iterations: "trials",
  gpu: "gpus",
  price: "pricePerNodeHour",
  runtimeclassname: "runtimeClass",
  imagepullpolicy: "pullPolicy",
  patch: "podPatch",
  maxcost: "limits: {cost: 5}",
  maxtime: "limits: {time: 30m}",
  nodepool: "pool",
  nodename: "node",
  islazy: "lazy",
  deployment: "workload: deployment/app",
  statuses: "status",
  url: "path",
};

function unknownText(path: readonly PropertyKey[], key: string): string {
  const place = path.map((step) => (typeof step === "number" ? "*" : String(step))).join(".");
  const known = knownKeys.get(place) ?? (place.startsWith("workload.env.") ? Object.keys(secretShape) : []);
  const aliases = Object.entries(otherNames).filter(([, meant]) => known.includes(meant.split(":")[0] ?? ""));
  const found = nearestName(key, [...known, ...aliases.map(([other]) => other)]);
  const near = aliases.find(([other]) => other === found)?.[1] ?? found;
  const where = path.length === 0 ? "a plan" : settingText(path);
  const advice = near === undefined ? `write one of ${known.join(", ")}` : `write ${near}`;
  return `"${key}" is no setting of ${where}: ${advice}.`;
}

/** `arms[1].image`, with names that a stranger's file holds cut. */
function settingText(path: readonly PropertyKey[]): string {
  if (path.length === 0) return "the plan";
  return path
    .map((step, at) => (typeof step === "number" ? `[${step + 1}]` : `${at > 0 ? "." : ""}${String(step)}`))
    .join("")
    .slice(0, 120);
}

function yamlProblem(message: string, range: TextRange): Problem {
  const first = message.split("\n")[0] ?? "";
  return problem(`The file is no valid YAML here: ${first.replace(/ at line \d+, column \d+:?$/, "")}.`, range);
}

function problem(message: string, range: TextRange | undefined): Problem {
  return { severity: "error", message, ...(range && { range }) };
}

function failed(message: string): WithProblems<PlanDraft> {
  return { value: {}, problems: [{ severity: "error", message }] };
}
