/**
 * `npm test`: everything that this machine can run, quickest first. Goes on after a failure, and ends with the line
 * `N passed, N failed` and exit code 1 if anything failed. With CI=true nothing may be left out or skipped.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatDuration } from "../src/base/format.ts";
import { step } from "./steps.ts";

const root = join(import.meta.dirname, "..");
const inCi = process.env["CI"] === "true";
const started = performance.now();
let passed = 0;
let failed = 0;
process.chdir(root);

async function check(title: string, ...argv: string[]): Promise<boolean> {
  const { exitCode } = await step(title, argv);
  if (exitCode === 0) passed++;
  else failed++;
  return exitCode === 0;
}

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly success: boolean;
}

async function vitest(title: string, config: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "coldstart-test-"));
  const reportFile = join(folder, "report.json");
  try {
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile=${reportFile}`];
    const { exitCode, output } = await step(title, ["vitest", "run", "--config", config, ...reporters], { env: { NO_COLOR: "1" } });
    if (exitCode === 0) for (const line of output.split("\n").filter((line) => /^(fuzz|measured) /.test(line))) console.log(`  ${line}`);
    const report = JSON.parse(readFileSync(reportFile, "utf8")) as VitestReport;
    const skipped = report.numPendingTests + report.numTodoTests;
    passed += report.numPassedTests;
    failed += report.numFailedTests;
    console.log(`  ${report.numPassedTests} passed, ${report.numFailedTests} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
    if (skipped > 0 && inCi) failed += skipped;
    // A file that cannot be loaded, or an error outside of any test, has no test to count.
    if ((exitCode !== 0 || !report.success) && report.numFailedTests === 0) failed++;
  } catch (error) {
    console.log(`  The report of ${title} cannot be read: ${String(error)}`);
    failed++;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const missingParts = 3;
const setup = await step("system packages and code-server", ["bash", "test/setup"], { shown: true });
const complete = setup.exitCode === 0;
if (!complete && (inCi || setup.exitCode !== missingParts)) failed++;

await check("types", "npm", "run", "-s", "check");
await check("lint", "npm", "run", "-s", "lint");
await check("format", "npm", "run", "-s", "format:check");
await vitest("unit tests", "vitest.config.ts");
const built = (await check("build", "npm", "run", "-s", "build")) && (await check("package", "npm", "run", "-s", "package"));
if (complete && built) await vitest("tests with real parts", "vitest.real.config.ts");
else console.log(`  The tests with real parts were left out: ${built ? "see above what is missing on this machine" : "the build failed"}.`);

console.log(`Took ${formatDuration(performance.now() - started)}.`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
