import fc from "fast-check";
import { expect, test } from "vitest";
import { isUserError } from "../../src/base/errors.ts";
import { parseReference, printReference } from "../../src/image/reference.ts";
import { fuzz } from "../fuzz.ts";

const digest = `sha256:${"a".repeat(64)}` as const;

test.each([
  ["python", "docker://docker.io/library/python:latest"],
  ["python:3.12", "docker://docker.io/library/python:3.12"],
  ["docker:27", "docker://docker.io/library/docker:27"],
  ["pytorch/pytorch:2.5", "docker://docker.io/pytorch/pytorch:2.5"],
  ["localhost/app", "docker://localhost/app:latest"],
  ["localhost:5000/a/b/c:1", "docker://localhost:5000/a/b/c:1"],
  ["ghcr.io/org/app@DIGEST", "docker://ghcr.io/org/app@DIGEST"],
  ["docker://python", "docker://docker.io/library/python:latest"],
  ["docker://index.docker.io/library/python:3@DIGEST", "docker://docker.io/library/python:3@DIGEST"],
  ["docker://[::1]:5000/app:1", "docker://[::1]:5000/app:1"],
  ["docker://MyHost/app", "docker://MyHost/app:latest"],
  ["oci:/out", "oci:/out"],
  ["oci:out:dev", "oci:out:dev"],
  ["oci:out:localhost/app:dev", "oci:out:localhost/app:dev"],
  ["oci:out@DIGEST", "oci:out@DIGEST"],
  ["oci:out:@1", "oci:out:@1"],
  ["oci:C:\\out:dev", "oci:C:\\out:dev"],
  ["oci-archive:a.tar:1", "oci-archive:a.tar:1"],
  ["docker-archive:a.tar", "docker-archive:a.tar"],
  ["docker-archive:a.tar:team/app:1", "docker-archive:a.tar:team/app:1"],
  ["docker-archive:a.tar:@0", "docker-archive:a.tar:@0"],
  ["docker-daemon:app:1", "docker-daemon:app:1"],
  ["docker-daemon:DIGEST", "docker-daemon:DIGEST"],
])("reads %s", (text, printed) => {
  const withDigest = (form: string): string => form.replace("DIGEST", digest);
  const reference = parseReference(withDigest(text));
  expect(printReference(reference)).toBe(withDigest(printed));
  expect(printReference(parseReference(withDigest(printed)))).toBe(withDigest(printed));
});

test.each([
  ["", /empty/],
  ["Python", /lower case/],
  ["python:", /no tag/],
  ["python:a b", /no tag/],
  ["a//b", /characters/],
  ["-a", /characters/],
  ["python@sha256:123", /no sha256/],
  ["./image.tar", /looks like a file/],
  ["C:\\image.tar", /looks like a file/],
  ["dir:/x", /no host name/],
  ["https://ghcr.io/a", /https:\/\/ is not/],
  ["docker://ghcr.io/", /characters/],
  ["docker://ex ample.com/a", /characters|host/],
  ["docker://-bad.example/a", /host name/],
  ["docker-daemon:", /missing/],
  ["docker-daemon:a/../../containers/json", /characters/],
  ["docker-daemon:a?b#c", /characters/],
  ["oci:", /path is missing/],
  ["docker-archive:a:@x", /no number/],
  [`docker://${"a".repeat(5000)}`, /too long/],
])("refuses %s", (text, words) => {
  expect(() => parseReference(text)).toThrow(words);
});

test("what is printed reads as the same", () => {
  const word = fc.stringMatching(/^[a-z0-9]{1,8}$/);
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), fc.option(fc.stringMatching(/^[\w][\w.-]{0,20}$/)), (parts, tag) => {
      const printed = printReference(parseReference(`registry.example:5000/${parts.join("/")}${tag === null ? "" : `:${tag}`}`));
      expect(printReference(parseReference(printed))).toBe(printed);
    }),
  );
});

test("any text is a name or a clear error", () => {
  const pieces = [
    "docker://",
    "oci:",
    "oci-archive:",
    "docker-archive:",
    "docker-daemon:",
    "a",
    "/",
    ":",
    "@",
    digest,
    ".",
    "-",
    "_",
    "[::1]",
    "é",
    "\0",
    " ",
    "..",
    "~",
    "%2e",
  ];
  fuzz(
    "image name",
    (random) => random.text(pieces, 8),
    (text) => {
      try {
        printReference(parseReference(text));
      } catch (error) {
        if (!isUserError(error)) throw error;
      }
    },
  );
});
