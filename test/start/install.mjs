// What `npm start` runs first, in whatever Node npm has: `npm ci` unless node_modules is there and newer than the lockfile.
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";

const changed = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
if (changed("node_modules/.package-lock.json") <= changed("package-lock.json")) {
  // Fewer and shorter retries than npm's, which take more than a minute to say that there is no network.
  const argv = [process.env.npm_execpath, "ci", "--fetch-retries=1", "--fetch-retry-mintimeout=2000", "--fetch-timeout=60000"];
  const { status } = spawnSync(process.execPath, argv, { stdio: "inherit" });
  if (status !== 0)
    console.error(
      "npm could not install what package-lock.json names, see above. Check the network, and the proxy and registry that `npm config list` shows.",
    );
  process.exitCode = status ?? 1;
}
