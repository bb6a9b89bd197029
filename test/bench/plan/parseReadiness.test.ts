import { expect, test } from "vitest";
import type { HttpQuestion } from "../../../src/bench/plan.ts";
import { parseReadiness, parseRequest } from "../../../src/bench/plan/parseReadiness.ts";
import { readinessWords, requestWords } from "../../../src/bench/plan/readinessWords.ts";

const question: HttpQuestion = { scheme: "http", port: 8000, path: "/health", method: "GET", headers: {} };

test.each([
  ["http:8000/health", { kind: "http", question }, "GET http:8000/health answers 200 to 399"],
  ["http:8000", { kind: "http", question: { ...question, path: "/" } }, "GET http:8000/ answers 200 to 399"],
  [
    "https:8443/a?b=c",
    { kind: "http", question: { ...question, scheme: "https", port: 8443, path: "/a?b=c" } },
    "GET https:8443/a?b=c answers 200 to 399",
  ],
  [
    "http:8000/health status=200,204 body=model .* loaded",
    { kind: "http", question: { ...question, statuses: [200, 204], bodyPattern: "model .* loaded" } },
    "GET http:8000/health answers 200 or 204 with a body that matches /model .* loaded/",
  ],
  ["tcp:5432", { kind: "tcp", port: 5432 }, "port 5432 accepts a connection"],
  ["grpc:50051", { kind: "grpc", port: 50_051, service: "" }, "gRPC health on port 50051 answers SERVING"],
  ["grpc:50051/shop.Cart", { kind: "grpc", port: 50_051, service: "shop.Cart" }, "gRPC health on port 50051 answers SERVING for shop.Cart"],
  ["log:ready: \\d+ models", { kind: "log", pattern: "ready: \\d+ models" }, "a line of output matches /ready: \\d+ models/"],
  ["exit", { kind: "exit", code: 0 }, "the container ends with code 0"],
  ["exit:3", { kind: "exit", code: 3 }, "the container ends with code 3"],
  [" pod ", { kind: "pod" }, "the pod's own condition Ready is true"],
])("ready %s", (text, expected, words) => {
  const { value, problems } = parseReadiness(text);
  expect({ value, problems }).toEqual({ value: expected, problems: [] });
  expect(value && readinessWords(value)).toBe(words);
});

test.each([
  ["http://localhost:8000/health", "write http:8000/health"],
  ["https://app/health", "write https:443/health"],
  ["http:/health", "for example http:8000/health"],
  ["http:70000/", "for example http:8000/health"],
  ["http:8000/health 200", "status=200 and body=REGEX"],
  ["http:8000/health status=ok", "for example status=200,204"],
  ["http:8000/ body=(", "is no regular expression"],
  ["tcp:http", "for example tcp:5432"],
  ["grpc", "for example grpc:50051"],
  ["log:", "write what the line holds"],
  ["log:(", "is no regular expression"],
  ["exit:1000", "write exit or exit:0"],
  ["soon", "write one of http:8000/health"],
  ["", "write one of"],
])("ready %s is refused with what to write", (text, words) => {
  const { value, problems } = parseReadiness(text);
  expect(value).toBeUndefined();
  expect(problems[0]?.message).toContain(words);
});

test.each([
  ["http:8000/v1/models", { ...question, path: "/v1/models" }],
  ["put http:80 x", { ...question, port: 80, path: "/", method: "PUT", body: "x" }],
  [
    'POST http:8000/v1/x {"prompt": "hi there"}',
    { ...question, path: "/v1/x", method: "POST", headers: { "content-type": "application/json" }, body: '{"prompt": "hi there"}' },
  ],
])("request %s", (text, expected) => {
  expect(parseRequest(text)).toEqual({ value: expected, problems: [] });
});

test.each([
  ["DELETE http:8000/", "write GET, POST or PUT"],
  ["http:8000/x body", "write POST http:8000/x and the body"],
  ["POST http://localhost:8000/x {}", "write http:8000/x"],
])("request %s is refused with what to write", (text, words) => {
  expect(parseRequest(text).problems[0]?.message).toContain(words);
});

test("a request is shown without headers and body, which may hold secrets", () => {
  expect(requestWords({ ...question, headers: { authorization: "Bearer planted" }, body: "planted" })).toBe("GET http:8000/health");
});
