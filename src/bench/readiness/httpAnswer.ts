import type { HttpQuestion } from "../plan.ts";
import type { Answer } from "./attempt.ts";
import { textPattern } from "./textPattern.ts";

/** Decides on an application's HTTP answer: its status must count, and its body's first 64 KiB must match where a pattern is given. */
export function httpJudge(question: HttpQuestion): (status: number, body: string) => Answer {
  const { statuses, bodyPattern } = question;
  const pattern = bodyPattern === undefined ? undefined : textPattern(bodyPattern);
  return (status, body) => {
    const counts = statuses ? statuses.includes(status) : status >= 200 && status < 400;
    if (!counts) return { verdict: "not-ready", what: `HTTP ${status}` };
    if (pattern && !pattern.matches(body)) return { verdict: "not-ready", what: `HTTP ${status} with another body` };
    return { verdict: "ready", what: `HTTP ${status}` };
  };
}
