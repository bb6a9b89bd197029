import type { WithProblems } from "../../base/text.ts";
import type { HttpQuestion, Readiness } from "../plan.ts";

/** The forms of a readiness, for messages and help. */
export const readinessForms =
  "http:8000/health, https:8443/health, tcp:5432, grpc:50051, grpc:50051/package.Service, log:REGEX, exit:0 or pod";
export const requestForms = "'GET http:8000/v1/models' or 'POST http:8000/v1/completions {\"prompt\": \"hi\"}'";

const httpStart = /^(https?):(\d+)(\/[!-~]*)?(?:\s+([^]*))?$/;

/**
 * The short form of a readiness, as in a plan's `ready` and in `--ready`: `http:PORT/PATH`, with ` status=200,204` and ` body=REGEX` if
 * wanted, `https:…`, `tcp:PORT`, `grpc:PORT[/SERVICE]`, `log:REGEX`, `exit[:CODE]`, `pod`. Undefined, with a problem, when it is none.
 */
export function parseReadiness(text: string): WithProblems<Readiness | undefined> {
  const trimmed = text.trim();
  const [word = "", rest] = splitOnce(trimmed, ":");
  switch (word.toLowerCase()) {
    case "http":
    case "https":
      return httpReadiness(trimmed);
    case "tcp": {
      const port = portOf(rest);
      return port === undefined ? bad(`"${trimmed}" names no port; write for example tcp:5432.`) : good({ kind: "tcp", port });
    }
    case "grpc": {
      const [portText, service = ""] = splitOnce(rest ?? "", "/");
      const port = portOf(portText);
      if (port === undefined) return bad(`"${trimmed}" names no port; write for example grpc:50051 or grpc:50051/package.Service.`);
      return good({ kind: "grpc", port, service });
    }
    case "log": {
      const problem = patternProblem(rest ?? "");
      return problem === undefined ? good({ kind: "log", pattern: rest ?? "" }) : bad(problem);
    }
    case "exit": {
      if (rest !== undefined && !/^\d{1,3}$/.test(rest)) return bad(`"${rest}" is no exit code; write exit or exit:0.`);
      return good({ kind: "exit", code: Number(rest ?? 0) });
    }
    case "pod":
      return good({ kind: "pod" });
    default:
      return bad(`"${trimmed}" says not when the pod is ready; write one of ${readinessForms}.`);
  }
}

/** The short form of a request, `[METHOD] http:PORT/PATH [BODY]`; a body that is JSON is sent as such. */
export function parseRequest(text: string): WithProblems<HttpQuestion | undefined> {
  const [, method = "GET", target = ""] = /^(?:([A-Za-z]+)\s+)?([^]*)$/.exec(text.trim()) ?? [];
  const verb = method.toUpperCase();
  if (verb !== "GET" && verb !== "POST" && verb !== "PUT") return bad(`The method ${verb} is not offered; write GET, POST or PUT.`);
  const read = httpTarget(target);
  if (typeof read === "string") return bad(read);
  const { question, rest } = read;
  if (rest === undefined) return good({ ...question, method: verb });
  if (verb === "GET") return bad(`A GET has no body; write POST ${question.scheme}:${question.port}${question.path} and the body.`);
  return good({ ...question, method: verb, headers: headersOf(rest), body: rest });
}

/** The headers of a body that comes without any. */
export function headersOf(body: string): Readonly<Record<string, string>> {
  return isJson(body) ? { "content-type": "application/json" } : {};
}

/** Why a regular expression cannot be used; undefined when it can. */
export function patternProblem(pattern: string): string | undefined {
  if (pattern === "") return "The regular expression is empty, so every line would match it; write what the line holds.";
  if (pattern.length > 1000) return "The regular expression is longer than 1000 characters; write a shorter part of the line.";
  try {
    new RegExp(pattern);
    return undefined;
  } catch (error) {
    return `"${pattern}" is no regular expression: ${(error as Error).message.replace(/^.*\/: /, "")}. Put a \\ before marks that are meant as they are.`;
  }
}

function httpReadiness(text: string): WithProblems<Readiness | undefined> {
  const read = httpTarget(text);
  if (typeof read === "string") return bad(read);
  let { question } = read;
  let { rest } = read;
  const status = /^status=(\S*)\s*/.exec(rest ?? "");
  if (status) {
    const statuses = (status[1] ?? "").split(",");
    if (!statuses.every((each) => /^[1-5]\d\d$/.test(each)))
      return bad(`"${status[1]}" is no list of statuses; write for example status=200,204.`);
    question = { ...question, statuses: statuses.map(Number) };
    rest = rest?.slice(status[0].length) || undefined;
  }
  if (rest?.startsWith("body=")) {
    const bodyPattern = rest.slice("body=".length);
    const problem = patternProblem(bodyPattern);
    if (problem !== undefined) return bad(problem);
    return good({ kind: "http", question: { ...question, bodyPattern } });
  }
  if (rest !== undefined) return bad(`"${rest}" is not understood; after the path may stand status=200 and body=REGEX, in this order.`);
  return good({ kind: "http", question });
}

/** Everything up to the first white space; a text is the problem. */
function httpTarget(text: string): { question: HttpQuestion; rest: string | undefined } | string {
  const match = httpStart.exec(text);
  const port = portOf(match?.[2]);
  if (match && port !== undefined) {
    const scheme = match[1] as "http" | "https";
    return { question: { scheme, port, path: match[3] ?? "/", method: "GET", headers: {} }, rest: match[4]?.trim() || undefined };
  }
  const url = /^(https?):\/\/[^/:\s]*(?::(\d+))?(\/\S*)?/.exec(text);
  if (url) {
    const [, scheme, urlPort = scheme === "https" ? "443" : "80", path = "/"] = url;
    return `"${text}" names a host, but the pod is asked by its own address; write ${scheme}:${urlPort}${path}.`;
  }
  return `"${text}" is no address in the pod; write the port and the path, for example http:8000/health.`;
}

function portOf(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,5}$/.test(text)) return undefined;
  const port = Number(text);
  return port >= 1 && port <= 65_535 ? port : undefined;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function splitOnce(text: string, mark: string): [string, string | undefined] {
  const at = text.indexOf(mark);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + mark.length)];
}

function good<T>(value: T): WithProblems<T> {
  return { value, problems: [] };
}

function bad(message: string): WithProblems<undefined> {
  return { value: undefined, problems: [{ severity: "error", message }] };
}
