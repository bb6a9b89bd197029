import { parseReadiness } from "../../bench/plan/parseReadiness.ts";
import { readinessWords } from "../../bench/plan/readinessWords.ts";
import type { Readiness } from "../../bench/plan.ts";
import { visibleText } from "../visibleText.ts";

/** One answer to "when is it ready?"; without a readiness it only says what is wrong with the text. */
export interface ReadinessOffer {
  /** The short form, as in a plan's `ready`. */
  readonly text: string;
  readonly description: string;
  readonly readiness?: Readiness;
}

const usualForms = ["http:8000/health", "http:8080/health", "http:8080/", "tcp:8080", "grpc:50051", "exit:0"];

/** Those of last time first, then what most servers do; the pod's own readiness only where it means something. */
export function readinessOffers(last: string | undefined, hasReadinessProbe: boolean): readonly ReadinessOffer[] {
  const texts = [
    ...(last === undefined ? [] : [last]),
    ...(hasReadinessProbe ? ["pod"] : []),
    ...usualForms,
    ...(hasReadinessProbe ? [] : ["pod"]),
  ];
  return [...new Set(texts)].map((text) => readinessOffer(text, text === "pod" && !hasReadinessProbe));
}

export function readinessOffer(text: string, isWithoutProbe = false): ReadinessOffer {
  const { value, problems } = parseReadiness(text);
  if (!value) return { text, description: visibleText(problems[0]?.message ?? "This is no readiness.", 300) };
  const words = `ready when ${readinessWords(value)}`;
  return {
    text,
    description: visibleText(isWithoutProbe ? `${words}: without a readiness probe, as soon as it runs` : words, 200),
    readiness: value,
  };
}
