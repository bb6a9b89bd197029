import type { HttpQuestion, Readiness } from "../plan.ts";

/** When the pod counts as ready, as the end of a sentence that begins "ready when". */
export function readinessWords(readiness: Readiness): string {
  switch (readiness.kind) {
    case "http":
      return `${requestWords(readiness.question)} answers ${answerWords(readiness.question)}`;
    case "tcp":
      return `port ${readiness.port} accepts a connection`;
    case "grpc": {
      const service = readiness.service === "" ? "" : ` for ${readiness.service}`;
      return `gRPC health on port ${readiness.port} answers SERVING${service}`;
    }
    case "log":
      return `a line of output matches /${readiness.pattern}/`;
    case "exit":
      return `the container ends with code ${readiness.code}`;
    case "pod":
      return "the pod's own condition Ready is true";
  }
}

/** Method, port and path; never headers or body, which may hold secrets. */
export function requestWords({ method, scheme, port, path }: HttpQuestion): string {
  return `${method} ${scheme}:${port}${path}`;
}

function answerWords({ statuses, bodyPattern }: HttpQuestion): string {
  const status = statuses === undefined ? "200 to 399" : [...statuses].sort((a, b) => a - b).join(" or ");
  return bodyPattern === undefined ? status : `${status} with a body that matches /${bodyPattern}/`;
}
