import { expect, test } from "vitest";
import { redacted, secretsOfBody } from "../../src/cluster/redact.ts";

const jwt = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJtZSJ9.c2lnbmF0dXJl";

test.each<[text: string, secrets: string[], clean: string]>([
  ["nothing here", [], "nothing here"],
  ["token planted-1 and planted-1", ["planted-1"], "token [hidden] and [hidden]"],
  ["short words stay", ["or"], "short words stay"],
  [`bad ${jwt}!`, [], "bad [hidden]!"],
  ["Authorization: Bearer abc.def-123", [], "Authorization: [hidden]"],
  ["https://me:word@host/path", [], "https://[hidden]@host/path"],
  ["-----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY----- x", [], "[hidden] x"],
  ["cut -----BEGIN PRIVATE KEY-----\nMII", [], "cut [hidden]"],
])("%j becomes %3$j", (text, secrets, clean) => {
  expect(redacted(text, secrets)).toBe(clean);
});

test("values of variables and Secrets are found wherever they stand in an object", () => {
  const pod = {
    spec: {
      initContainers: [{ env: [{ name: "A", value: "one" }, { name: "B", valueFrom: {} }, null] }],
      containers: [{ env: [{ name: "C", value: "two" }] }],
    },
    nested: [{ kind: "Secret", data: { k: "dGhyZWU=" }, stringData: { l: "four" } }],
    data: { configMap: "kept" },
  };
  expect(secretsOfBody(pod)).toEqual(["one", "two", "dGhyZWU=", "four"]);
  expect(secretsOfBody("text")).toEqual([]);
});
