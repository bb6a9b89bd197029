import { describe, expect, test } from "vitest";
import { estimateStartup } from "../../src/startup/estimate.ts";
import type { StartupEstimate, StartupQuestion } from "../../src/startup/startupSet.ts";
import { debianRoot, elf, program } from "../fakes/elf.ts";
import { memoryCatalog, type MemoryFile } from "../fakes/memoryCatalog.ts";

const tools = "env gosu tini dumb-init nice timeout stdbuf setpriv sudo nohup chpst busybox su-exec s6-setuidgid server";
const root = {
  ...debianRoot,
  ...Object.fromEntries(tools.split(" ").map((name) => [`/usr/bin/${name}`, program()])),
  "/opt/bin/server": program(),
  "/app/run.sh": '#!/bin/sh -e\nexec server "$@"\n',
  "/app/entry": '#!/usr/bin/env -S FROM=env sh -e\nexec server "$FROM" "$1"\n',
};

function ask(question: Partial<StartupQuestion>, files: Readonly<Record<string, MemoryFile>> = {}): StartupEstimate {
  const all = { entrypoint: [], cmd: [], env: [], workingDir: "", user: "", chunkSizeBytes: 4_194_304, ...question };
  return estimateStartup(memoryCatalog({ ...root, ...files }), all, 1);
}

/** The last command that is started, as `executable: words`. */
function check(question: Partial<StartupQuestion>, expected: string, files?: Readonly<Record<string, MemoryFile>>): void {
  test(JSON.stringify(question), () => {
    const last = ask(question, files).commands.at(-1);
    expect(`${last?.executable ?? "none"}: ${last?.argv.join(" ") ?? ""}`).toBe(expected);
  });
}

const direct = "/usr/bin/server: server -x";

describe("entrypoint", () => {
  check({ entrypoint: ["server"], cmd: ["-x"] }, direct);
  check({ cmd: ["server", "-x"] }, direct);
  check({ entrypoint: ["/bin/sh", "-c", "server -x"] }, direct);
  check({ entrypoint: ["server"], cmd: ["$HOME"] }, "/usr/bin/server: server $HOME");
  check({ entrypoint: ["./run.sh", "-x"], workingDir: "/app" }, direct);
  check({ entrypoint: ["server"], env: ["PATH=/none:/opt/bin:/usr/bin"] }, "/opt/bin/server: server");
  check({ entrypoint: ["bin/server"], workingDir: "/opt" }, "/opt/bin/server: bin/server");
  check({ entrypoint: ["/app/entry", "-x"] }, "/usr/bin/server: server env -x");
  check({ cmd: ["sh", "-c", "exec server $X"], env: ["X=a b"] }, "/usr/bin/server: server a b");
  check({ cmd: ["sh", "-c", "cd /opt/bin && ./server ~"], user: "app" }, "/opt/bin/server: ./server /home/app");
});

describe("wrappers", () => {
  check({ cmd: ["env", "-u", "Y", "A=1", "-x", "server"] }, "none: -x server");
  check({ cmd: ["env", "-i", "PATH=/opt/bin", "server"] }, "/opt/bin/server: server");
  check({ cmd: ["env", "-S", "A=1 'server' -x"] }, direct);
  check({ cmd: ["gosu", "app:app", "server", "-x"] }, direct);
  check({ cmd: ["su-exec", "app", "server", "-x"] }, direct);
  check({ cmd: ["tini", "-g", "-p", "SIGTERM", "--", "server", "-x"] }, direct);
  check({ cmd: ["dumb-init", "--rewrite", "15:3", "server", "-x"] }, direct);
  check({ cmd: ["dumb-init", "--rewrite=15:3", "--", "server", "-x"] }, direct);
  check({ cmd: ["nice", "-n", "5", "server", "-x"] }, direct);
  check({ cmd: ["timeout", "-k", "5", "10", "server", "-x"] }, direct);
  check({ cmd: ["stdbuf", "-oL", "server", "-x"] }, direct);
  check({ cmd: ["setpriv", "--reuid=app", "--init-groups", "server", "-x"] }, direct);
  check({ cmd: ["sudo", "-E", "-u", "app", "A=b", "server", "-x"] }, direct);
  check({ cmd: ["chpst", "-u", "app", "server", "-x"] }, direct);
  check({ cmd: ["busybox", "sh", "-c", "server -x"] }, direct);
  check({ cmd: ["tini", "--", "gosu", "app", "env", "A=1", "/app/run.sh", "-x"] }, direct);
});

test("a user by name is looked up in the image, one by number is not", () => {
  expect(ask({ cmd: ["server"], user: "app" }).files.map(({ path }) => path)).toContain("/etc/passwd");
  expect(ask({ cmd: ["server"], user: "1500:1500" }).files.map(({ path }) => path)).not.toContain("/etc/passwd");
});

test("evidence says who starts what", () => {
  const estimate = ask({ entrypoint: ["/app/run.sh"] });
  const of = (path: string): string | undefined => estimate.files.find((file) => file.path === path)?.evidence;
  expect(of("/app/run.sh")).toBe("started by ENTRYPOINT");
  expect(of("/usr/bin/server")).toBe("started by /app/run.sh:2");
  expect(of("/usr/lib/x86_64-linux-gnu/libc.so.6")).toMatch(/^needed by \/usr\/bin\//);
});

test("a branch that may be taken gives a probability and stays out of the list when it is unlikely", () => {
  const files = { "/app/maybe.sh": "#!/bin/sh\nif grep -q a /x; then rare; fi\ngrep -q b /y && grep -q c /y && rarer\nexec server\n", "/usr/bin/rare": program(), "/usr/bin/rarer": program() }; // prettier-ignore
  const estimate = ask({ entrypoint: ["/app/maybe.sh"] }, files);
  expect(estimate.files.find(({ path }) => path === "/usr/bin/rare")?.probability).toBeCloseTo(0.5);
  expect(estimate.files.some(({ path }) => path === "/usr/bin/rarer")).toBe(false);
  expect(estimate.files.find(({ path }) => path === "/usr/bin/server")?.probability).toBe(1);
});

test("scripts that start each other end", () => {
  const estimate = ask({ entrypoint: ["/a"] }, { "/a": "#!/bin/sh\n/b $1x\n", "/b": "#!/bin/sh\n/a $1y\n" });
  expect(estimate.commands.length).toBeLessThan(200);
  expect(estimate.flags.map(({ code }) => code)).toContain("too-many-commands");
});

test("a program whose files are not known is flagged, a small tool is not", () => {
  const big = { kind: "elf", machine: 62, needed: [], load: { ...elf().load, textBytes: 5_000_000 } } as const;
  expect(ask({ cmd: ["/srv"] }, { "/srv": big }).flags.map(({ code }) => code)).toEqual(["opaque-program"]);
  expect(ask({ cmd: ["server"] }).flags).toEqual([]);
});

test("a name that only running would tell is flagged", () => {
  expect(ask({ cmd: ["sh", "-c", "exec $RANDOM"] }).flags.map(({ code }) => code)).toEqual(["unknown-command"]);
});
