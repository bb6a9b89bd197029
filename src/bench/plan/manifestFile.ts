import { LineCounter, parseAllDocuments, type Document } from "yaml";
import { foreignLine } from "../../base/foreignText.ts";
import type { Problem, WithProblems } from "../../base/text.ts";
import { fieldsAt, listAt, textAt } from "../../cluster/fields.ts";
import type { Workload } from "../plan.ts";
import type { WorkloadReference } from "./planDraft.ts";
import { podTemplateOf } from "./podTemplate.ts";
import { workloadOf } from "./workload.ts";
import { textRange } from "./yamlPlaces.ts";

const maxLength = 4 * 1024 * 1024;

/**
 * The workload in a manifest: YAML of one or more documents, lists of objects among them, or JSON. The object that was asked for, else the
 * first that makes pods; a problem names what else was there.
 */
export function workloadInManifest(
  text: string,
  asked: { readonly reference?: WorkloadReference | undefined; readonly container?: string | undefined },
): WithProblems<Workload | undefined> {
  if (text.length > maxLength) return failed("The manifest is larger than 4 MB.");
  const { value: objects, problems: badParts } = objectsIn(text);
  const candidates = objects.filter((object) => podTemplateOf(object) !== undefined);
  const chosen = candidates.find((object) => isAsked(object, asked.reference));
  if (chosen === undefined) {
    const there = candidates.map(nameOf).join(", ") || "none";
    const wanted = asked.reference ? ` ${asked.reference.kind.toLowerCase()}/${asked.reference.name}` : " object that makes pods";
    return { value: undefined, problems: [...badParts, { severity: "error", message: `The manifest has no${wanted}; it has ${there}.` }] };
  }
  const read = workloadOf(chosen, asked.container);
  const others = asked.reference ? [] : candidates.filter((object) => object !== chosen).map(nameOf);
  const left: Problem[] =
    others.length > 0
      ? [{ severity: "info", message: `The first of the manifest's workloads is taken; it also has ${others.join(", ")}.` }]
      : [];
  // A part that cannot be read did not matter when the workload was found all the same.
  return {
    value: read.value,
    problems: [...badParts.map((part) => ({ ...part, severity: "warning" as const })), ...left, ...read.problems],
  };
}

function objectsIn(text: string): WithProblems<readonly unknown[]> {
  const lines = new LineCounter();
  const problems: Problem[] = [];
  const parsed = parseAllDocuments(text, { lineCounter: lines, logLevel: "silent" });
  const objects = (Array.isArray(parsed) ? parsed : []).flatMap((document: Document) => {
    const [error] = document.errors;
    if (error) {
      const message = `The manifest is no valid YAML here: ${(error.message.split("\n")[0] ?? "").replace(/ at line \d+, column \d+:?$/, "")}.`;
      problems.push({ severity: "error", message, range: textRange(error.pos[0], error.pos[1], lines) });
      return [];
    }
    try {
      return flattened(document.toJS({ maxAliasCount: 100 }));
    } catch {
      problems.push({ severity: "error", message: "A part of the manifest repeats parts of itself too often." });
      return [];
    }
  });
  return { value: objects, problems };
}

/** `kubectl get -o yaml` gives a list of objects in one. */
function flattened(object: unknown): readonly unknown[] {
  return textAt(object, "kind") === "List" ? listAt(object, "items") : [object];
}

function isAsked(object: unknown, reference: WorkloadReference | undefined): boolean {
  if (!reference) return true;
  return textAt(object, "kind") === reference.kind && textAt(fieldsAt(object, "metadata"), "name") === reference.name;
}

function nameOf(object: unknown): string {
  const name = textAt(fieldsAt(object, "metadata"), "name") ?? "unnamed";
  return `${foreignLine(textAt(object, "kind") ?? "", 40).toLowerCase()}/${foreignLine(name, 80)}`;
}

function failed(message: string): WithProblems<undefined> {
  return { value: undefined, problems: [{ severity: "error", message }] };
}
