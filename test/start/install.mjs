// What `npm start` runs first, in whatever Node npm has: `npm ci` unless node_modules is there and newer than the lockfile.
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";

const changed = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
const npm = (words, stdio) => spawnSync(process.execPath, [process.env.npm_execpath, ...words], { stdio, encoding: "utf8" });

if (changed("node_modules/.package-lock.json") <= changed("package-lock.json")) {
  // Asked first, since an installation takes minutes of retries to say that there is no network.
  const { stderr } = npm(["ping", "--fetch-retries=0", "--fetch-timeout=10000"], ["ignore", "ignore", "pipe"]);
  const noWay = /\b(EAI_AGAIN|ENOTFOUND|ECONNREFUSED|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT)\b/.exec(stderr ?? "")?.[0];
  const { status } = npm(noWay === undefined ? ["ci"] : ["ci", "--offline"], "inherit");
  if (status !== 0)
    console.error(
      noWay === undefined
        ? "npm could not install what package-lock.json names, see above."
        : `npm's registry does not answer (${noWay}), and not all that package-lock.json names was fetched before. Check the network, and the proxy and registry that npm config list shows.`,
    );
  process.exitCode = status ?? 1;
}
