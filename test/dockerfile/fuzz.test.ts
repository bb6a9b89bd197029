import { expect, test } from "vitest";
import { parseDockerignore } from "../../src/dockerfile/dockerignore.ts";
import { effectiveConfig } from "../../src/dockerfile/effectiveConfig.ts";
import { guessImages } from "../../src/dockerfile/imageGuess.ts";
import { mapLayers } from "../../src/dockerfile/layerMap.ts";
import { parseDockerfile } from "../../src/dockerfile/parse.ts";
import { provableFacts } from "../../src/dockerfile/provable.ts";
import { fuzz } from "../fuzz.ts";

const pieces = (
  "FROM a|FROM scratch|FROM $A AS b|FROM b|ARG A=1|ARG A|RUN |RUN <<EOF|RUN <<-'E' cat|EOF|E|COPY --from=b |COPY . /|ADD |ONBUILD |ENV A=|ENV A $A|CMD [|CMD x|" +
  'ENTRYPOINT ["a"]|SHELL ["/b"]|USER u|WORKDIR ../x|# escape=`|#|--mount=type=cache,from=b|&&|rm -rf /x|chown -R u /|apt-get update|${|${A:-|${A##|${A//|$|}|{|(|)|' +
  "\"|'|\\|`|\\\n|`\n|\n|\r\n|\r|\t| |=|/|*|<<|é|\u2028|\ufeff|\u0001|python app.py"
).split("|");

test("Dockerfiles of any text", () => {
  const count = fuzz(
    "Dockerfile",
    (random) => random.text(pieces, 60),
    (text) => {
      const { value } = parseDockerfile(text, { A: "x" });
      const lines = text.split(/\r\n|\r|\n/);
      for (const stage of value.stages) {
        if (stage.range.endLine >= lines.length || stage.range.startLine > stage.range.endLine)
          throw new Error("range outside of the text");
        const { unknown } = effectiveConfig(value, stage.index);
        if (unknown.length > 5) throw new Error("more unknown settings than there are");
        const history = stage.instructions.map(({ keyword }) => ({
          createdBy: `${keyword} x`,
          comment: "",
          emptyLayer: keyword !== "RUN",
        }));
        const config = { entrypoint: [], cmd: [], env: [], workingDir: "", user: "", labels: {}, history, onBuild: [text.slice(0, 40)] };
        mapLayers(value, stage.index, config, history.filter(({ emptyLayer }) => !emptyLayer).length);
        effectiveConfig(value, stage.index, config);
      }
      provableFacts(value, { read: () => text, exists: () => true, list: () => [] });
    },
  );
  expect(count).toBeGreaterThan(0);
});

test("ignore, compose and bake files of any text", () => {
  const words = [
    "target",
    "services:",
    "\n  a:",
    "build: .",
    "image: x",
    "&a",
    "*a",
    "[",
    "]",
    "**",
    "*",
    "/",
    "!",
    "?",
    "\\",
    "-",
    "{",
    "}",
    '"',
    "=",
    "tags",
    "inherits",
    "\n",
    " ",
  ];
  const count = fuzz(
    "dockerignore, compose and bake",
    (random) => random.text(words, 40),
    (text) => {
      parseDockerignore(text).ignores("a/b/c.txt");
      guessImages("/w/Dockerfile", (path) => (path.startsWith("/w/") ? text : undefined));
    },
  );
  expect(count).toBeGreaterThan(0);
});
