import { expect, test } from "vitest";
import { guessImages } from "../../src/dockerfile/imageGuess.ts";

/** `name: reason` of each guess. */
function guessesOf(path: string, files: Readonly<Record<string, string>>): string[] {
  const byPath = new Map(Object.entries(files));
  return guessImages(path, (file) => byPath.get(file)).map(
    ({ name, reason, target }) => `${name}: ${reason}${target === undefined ? "" : ` (${target})`}`,
  );
}

test.each<[string, string, Record<string, string>, string[]]>([
  [
    "compose with an image name",
    "/w/Dockerfile",
    { "/w/compose.yaml": "services:\n  api:\n    build: .\n    image: shop/api:dev\n  db:\n    image: postgres\n" },
    ["shop/api:dev: service api in compose.yaml"],
  ],
  [
    "compose names it after project and service",
    "/w/My Shop/Dockerfile",
    { "/w/My Shop/docker-compose.yml": "services:\n  api:\n    build:\n      context: .\n      target: run\n" },
    ["myshop-api: service api in docker-compose.yml (run)"],
  ],
  [
    "the file lies above, the Dockerfile has another name",
    "/w/services/api/Containerfile",
    {
      "/w/docker-compose.yaml":
        "name: shop\nservices:\n  api: {build: {context: ./services/api, dockerfile: Containerfile}}\n  other: {build: ./services/api}\n",
    },
    ["shop-api: service api in docker-compose.yaml"],
  ],
  [
    "a default tag is taken, an open one is not",
    "/w/Dockerfile",
    { "/w/compose.yml": "services:\n  a: {build: ., image: 'x:${TAG:-dev}'}\n  b: {build: ., image: 'y:${TAG}'}\n" },
    ["x:dev: service a in compose.yml"],
  ],
  [
    "bake, HCL",
    "/w/docker/api.Dockerfile",
    {
      "/w/docker-bake.hcl": `# c
variable "TAG" { default = "dev" }
group "default" { targets = ["api"] }
function "f" { params = [x] result = "y" }
target "_common" {
  dockerfile = "docker/api.Dockerfile" // here
  args = { A = "}" }
}
target "api" { inherits = ["_common"]  target = "run"
  tags = ["r.example/api:\${TAG}", "api:latest",] }
target "web" { tags = ["web"] }
target "broken" { dockerfile = "docker/api.Dockerfile" tags = [f("x")] }
`,
    },
    ["r.example/api:dev: target api in docker-bake.hcl (run)", "api:latest: target api in docker-bake.hcl (run)"],
  ],
  [
    "bake, JSON",
    "/w/Dockerfile",
    { "/w/docker-bake.json": '{"variable":{"T":{"default":"1"}},"target":{"a":{"tags":"x:${T}"},"b":{"context":"b","tags":["y"]}}}' },
    ["x:1: target a in docker-bake.json"],
  ],
  [
    "broken and hostile files say nothing",
    "/w/Dockerfile",
    {
      "/w/compose.yaml": "services: [",
      "/w/compose.yml": "services: 3",
      "/w/docker-compose.yml": "services:\n  a: {build: ., image: '-rm $(x)'}\n  b: {build: 3}\n  c: null\n",
      "/w/docker-bake.json": "{",
      "/w/docker-bake.hcl": 'target "a" { inherits = ["a"] tags = [',
    },
    [],
  ],
  ["nothing beside it", "/Dockerfile", {}, []],
  [
    "Windows paths",
    "C:\\w\\Dockerfile",
    { "C:/w/compose.yaml": "services:\n  api: {build: ., image: a}\n" },
    ["a: service api in compose.yaml"],
  ],
])("%s", (_, path, files, expected) => expect(guessesOf(path, files)).toEqual(expected));
