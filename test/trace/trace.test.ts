import { expect, test } from "vitest";
import { resolveAccount } from "./account.ts";
import { bundleConfig, commandOf } from "./bundle.ts";
import type { CachedFile, Seen, Start } from "./oneStart.ts";
import { jaccard, truthOf } from "./truthOf.ts";

const passwd = [
  ["root", "x", "0", "0", "", "/root"],
  ["app", "x", "1000", "1001", "", "/srv"],
];
const group = [
  ["root", "x", "0", ""],
  ["video", "x", "44", "app,other"],
];

test("USER is a name or a number, perhaps with a group", () => {
  const check = (user: string, expected: unknown): void => expect(resolveAccount(user, passwd, group)).toEqual(expected);
  check("", { uid: 0, gid: 0, groups: [], home: "/root" });
  check("app", { uid: 1000, gid: 1001, groups: [44], home: "/srv" });
  check("1000", { uid: 1000, gid: 1001, groups: [44], home: "/srv" });
  check("app:video", { uid: 1000, gid: 44, groups: [], home: "/srv" });
  check("65532", { uid: 65532, gid: 0, groups: [], home: "/" });
  check("65532:7", { uid: 65532, gid: 7, groups: [], home: "/" });
  expect(() => resolveAccount("nobody", passwd, group)).toThrow("no user nobody");
  expect(() => resolveAccount("app:none", passwd, group)).toThrow("no group none");
});

test("the container runs what the image says", () => {
  const account = resolveAccount("app", passwd, group);
  const config = { Entrypoint: ["/run"], Cmd: ["a"], Env: ["PATH=/bin", "X=1=2", "HOME=/tmp"], WorkingDir: "/srv" };
  const { process } = bundleConfig(config, account, "/root", "/provided") as { process: { args: string[]; env: string[]; cwd: string } };
  expect(process.args).toEqual(["/run", "a"]);
  expect(process.env).toEqual(["PATH=/bin", "HOSTNAME=box", "HOME=/tmp", "X=1=2"]);
  expect(process.cwd).toBe("/srv");
  expect(() => commandOf({ Entrypoint: null })).toThrow("neither ENTRYPOINT nor CMD");
});

function cached(sizeBytes: number, pages: number, inode: string): CachedFile {
  return { sizeBytes, pages, chunkBytes1MiB: pages > 0 ? sizeBytes : 0, chunkBytes4MiB: pages > 0 ? sizeBytes : 0, inode };
}

function start(opened: readonly string[], files: Readonly<Record<string, CachedFile>>): Start {
  const seen: Seen = { opened: new Map(opened.map((path) => [path, false])), files: new Map(Object.entries(files)) };
  return { readyMs: 1, ready: seen };
}

test("directories and files made at runtime are not counted, removed files are, and names of one file count once", () => {
  const files = { "/a": cached(10_000, 2, "1"), "/b": cached(10_000, 2, "1"), "/gone": cached(5, 1, "2"), "/never": cached(9, 0, "3") };
  const first = start(["/", "/a", "/b", "/gone (deleted)", "/tmp/new"], files);
  const truth = truthOf({ first, readahead: first, repeat: start(["/a"], { ...files, "/gone": cached(5, 0, "2") }) });
  expect([...truth.opened.keys()].sort()).toEqual(["/a", "/b", "/gone"]);
  expect(truth).toMatchObject({ totalFiles: 4, totalBytes: 20_014, openedFiles: 3, openedWholeBytes: 20_005 });
  expect(truth.pageBytesRead).toBe(2 * 4096 + 5);
  expect(truth.variation).toEqual({ openedJaccardRepeat: 1 / 3, openedJaccardReadahead: 1, pageBytesRepeat: 2 * 4096 });
});

test("pages that one start lost are taken from the other", () => {
  const lost = start(["/a"], { "/a": cached(10_000, 1, "1") });
  const whole = start(["/a"], { "/a": cached(10_000, 3, "1") });
  expect(truthOf({ first: lost, readahead: lost, repeat: whole }).pageBytesRead).toBe(10_000);
  expect(jaccard(new Map(), new Map())).toBe(1);
});
