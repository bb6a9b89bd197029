import { nodeProblem } from "./nodeVersion.ts";

// Nothing else is imported up here: an old Node would fail on it with a message that helps nobody.
const problem = nodeProblem(process.versions.node);
if (problem === undefined) {
  const { main } = await import("./program.ts");
  process.exitCode = await main();
} else {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 1;
}
