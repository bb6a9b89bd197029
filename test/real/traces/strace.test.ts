import { mkdirSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { coldstart, inspectedReport } from "../parts/coldstart.ts";
import { containerTools, copyImage, makeImage } from "../parts/images.ts";
import { must, temporaryFolder } from "../parts/process.ts";

const work = temporaryFolder("strace");
const root = join(work, "root");
const image = `oci:${join(work, "layout")}:1`;
const cache = temporaryFolder("cache");
/** What `start.sh` opens: itself, the shell with its libraries, and two files of which one is named by a relative path. */
const opened = new Set(["/start.sh", "/srv/app/own.env", "/etc/settings"]);

/** This machine's shell with its libraries, and a script that reads files in folders that it changes to. */
beforeAll(async () => {
  const files: Record<string, string | Buffer> = {
    "start.sh":
      "#!/bin/sh\n. /etc/settings\ncd /srv/app\n. ./own.env\n(cd /etc && . ./missing.env) 2>/dev/null\nexec /bin/sh -c 'exit 0'\n",
    "etc/settings": "A=1\n",
    "srv/app/own.env": "B=1\n",
    "srv/app/never.env": "C=1\n",
  };
  const libraries = (await must(["ldd", "/bin/sh"])).match(/\/\S+/g) ?? [];
  for (const path of ["/bin/sh", ...libraries]) {
    files[path.slice(1)] = readFileSync(realpathSync(path));
    opened.add(path);
  }
  const tools = containerTools();
  const executable = Object.keys(files).filter((path) => !path.endsWith(".env"));
  const name = await makeImage(tools, "straced:1", [{ files, executable, entrypoint: ["/start.sh"] }]);
  await copyImage(tools, name, image);
  mkdirSync(root);
  const container = await tools.buildah("from", name);
  await must(["cp", "-a", `${await tools.buildah("mount", container)}/.`, root]);
});

test.each([
  ["one file for all processes", ["-f", "-tt", "-o", join(work, "one.log")], join(work, "one.log")],
  ["with descriptors' paths", ["-f", "-y", "-o", join(work, "paths.log")], join(work, "paths.log")],
  ["a file per process", ["-ff", "-ttt", "-o", join(work, "each", "log")], join(work, "each")],
])("a start under strace is what was estimated: %s", async (_, options, trace) => {
  mkdirSync(join(work, "each"), { recursive: true });
  await must(["strace", ...options, "chroot", root, "/start.sh"]);
  const report = await inspectedReport(cache, image, "--trace", trace);
  expect(report.traced).toMatchObject({
    format: "strace log",
    recall: 1,
    missed: [],
    surplus: [],
    measures: { openedFiles: { value: opened.size, errorPoints: 0, isCovered: true } },
    dropped: { missing: 0 },
  });
  const listed = await coldstart(cache, ["export", image, "--format", "soci", "--trace", trace]);
  const paths = JSON.parse(listed.stdout) as string[];
  expect(new Set(paths)).toEqual(opened);
  // The kernel opens the script before its shell, and the shell's linker before what the script reads.
  expect(paths.slice(0, 2)).toEqual(["/start.sh", "/bin/sh"]);
  expect(paths.indexOf("/etc/settings")).toBeLessThan(paths.indexOf("/srv/app/own.env"));
});

test("the terminal shows estimated against traced, and explain agrees", async () => {
  await must(["strace", "-f", "-o", join(work, "shown.log"), "chroot", root, "/start.sh"]);
  const shown = await coldstart(cache, ["inspect", image, "--trace", join(work, "shown.log")]);
  expect(shown.stdout).toContain("Traced (strace log, until ready)");
  expect(shown.stdout).toContain("100 % of the traced files were predicted");
  const explained = await coldstart(cache, ["explain", image, "/etc/settings", "/srv/app/never.env"]);
  expect(explained).toMatchObject({ exitCode: 0 });
  expect(explained.stdout).toContain("Opened until ready");
  expect(explained.stdout).toContain("Not expected to be opened");
});
