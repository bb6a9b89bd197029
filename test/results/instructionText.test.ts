import { expect, test } from "vitest";
import { instructionText } from "../../src/results/instructionText.ts";

test.each([
  ["/bin/sh -c #(nop) ADD file:4ea3a5f1 in / ", "ADD file:4ea3a5f in /"],
  ['/bin/sh -c #(nop)  CMD ["bash"]', 'CMD ["bash"]'],
  [`/bin/sh -c #(nop) COPY dir:${"f19bd4e0".repeat(8)} in /`, "COPY dir:f19bd4e in /"],
  ["/bin/sh -c apt-get update", "RUN apt-get update"],
  ["RUN /bin/sh -c pip install torch # buildkit", "RUN pip install torch"],
  ["RUN /bin/bash -o pipefail -c make # buildkit", "RUN /bin/bash -o pipefail -c make"],
  ["RUN |1 VERSION=2 /bin/sh -c make $VERSION # buildkit", "RUN make $VERSION"],
  ["|2 A=1 B=2 /bin/sh -c make", "RUN make"],
  ["COPY app /app # buildkit", "COPY app /app"],
  ["RUN /bin/sh -c set -eux;\n\tapt-get update", "RUN set -eux; apt-get update"],
  ["bazel build //image", "bazel build //image"],
  ["", ""],
])("%j is shown as %j", (createdBy, shown) => {
  expect(instructionText(createdBy)).toBe(shown);
});
