import { expect, test } from "vitest";
import { UserError } from "../../src/base/errors.ts";
import { callHost, HostError } from "../../src/protocol/callHost.ts";
import { checkCall, type Frame } from "../../src/protocol/frames.ts";
import type { HostMethods, PanelState } from "../../src/protocol/messages.ts";
import { servePanel } from "../../src/protocol/servePanel.ts";
import type { FileQuery } from "../../src/results/report.ts";

const query: FileQuery = { search: "torch", touched: "all", sort: "size", offset: 0, limit: 100 };

/** Both ends joined by structured cloning, as `postMessage` does. */
function joined(methods: Partial<HostMethods>) {
  const invalid: unknown[] = [];
  const bugs: unknown[] = [];
  const states: PanelState[] = [];
  const panel = callHost(
    (frame) => void server.receive(structuredClone(frame)),
    (name, data) => {
      if (name === "state") states.push(data);
    },
  );
  const server = servePanel(methods as HostMethods, (frame: Frame) => panel.receive(structuredClone(frame)), {
    onInvalid: (message) => invalid.push(message),
    onBug: (error) => bugs.push(error),
  });
  return { host: panel.host, server, invalid, bugs, states };
}

test("a call reaches the host with its arguments and comes back with the value", async () => {
  const asked: FileQuery[] = [];
  const { host } = joined({
    files: async (given) => {
      asked.push(given);
      return { total: 1, totalBytes: 5, rows: [] };
    },
  });
  expect(await host.files(query)).toEqual({ total: 1, totalBytes: 5, rows: [] });
  expect(asked).toEqual([query]);
});

test("a failure of the host rejects in the panel with its code and hint", async () => {
  const { host, bugs } = joined({
    inspectAgain: async () => {
      throw new UserError("image-not-found", "There is no image demo.", "Build it first.");
    },
  });
  const error = await host.inspectAgain().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(HostError);
  expect(error).toMatchObject({ code: "image-not-found", message: "There is no image demo.", hint: "Build it first." });
  expect(bugs).toEqual([]);
});

test("a bug of the host is reported and still answers the panel", async () => {
  const { host, bugs } = joined({
    cancel: () => Promise.reject(new TypeError("x is undefined")),
  });
  await expect(host.cancel()).rejects.toMatchObject({ code: "bug", message: "x is undefined" });
  expect(bugs).toHaveLength(1);
});

test("calls that overlap each get their own answer", async () => {
  const waiting: (() => void)[] = [];
  const { host } = joined({
    files: (given) => new Promise((resolve) => waiting.push(() => resolve({ total: given.offset, totalBytes: 0, rows: [] }))),
  });
  const both = Promise.all([host.files({ ...query, offset: 1 }), host.files({ ...query, offset: 2 })]);
  for (const answer of waiting.reverse()) answer();
  expect((await both).map((page) => page.total)).toEqual([1, 2]);
});

test("events are pushed as whole snapshots", () => {
  const { server, states } = joined({});
  server.push("state", { kind: "empty" });
  expect(states).toEqual([{ kind: "empty" }]);
});

test.each([
  ["no frame", "hello"],
  ["an unknown method", { kind: "call", id: 1, method: "exec", args: ["rm"] }],
  ["a method of Object.prototype", { kind: "call", id: 1, method: "constructor", args: [] }],
  ["too many arguments", { kind: "call", id: 1, method: "ready", args: [1] }],
  ["a negative offset", { kind: "call", id: 1, method: "files", args: [{ ...query, offset: -1 }] }],
  ["a page without end", { kind: "call", id: 1, method: "files", args: [{ ...query, limit: 1e9 }] }],
  ["a further field", { kind: "call", id: 1, method: "files", args: [{ ...query, path: "/etc/shadow" }] }],
  ["a measure that is none", { kind: "call", id: 1, method: "setMeasure", args: ["everything"] }],
  ["a reply to nobody", { kind: "reply", id: 1, ok: true, value: 1 }],
])("the host does not act on %s", async (_what, message) => {
  expect(checkCall(message)).toBeUndefined();
  const { server, invalid } = joined({});
  await server.receive(message);
  expect(invalid).toEqual([message]);
});

test("what the panel sends is a valid call for every method", async () => {
  const frames: Frame[] = [];
  const { host } = callHost(
    (frame) => frames.push(frame),
    () => undefined,
  );
  void host.ready();
  void host.files({ ...query, layerIndex: 3, package: "pip torch" });
  void host.setMeasure("chunkBytes");
  void host.inspectAgain();
  void host.cancel();
  void host.showLog();
  void host.chooseImage();
  void host.compareTrace();
  void host.forgetTrace();
  void host.savePrefetchList();
  expect(frames.map((frame) => checkCall(structuredClone(frame)) !== undefined)).toEqual(frames.map(() => true));
  expect(frames).toHaveLength(Object.keys(host).length);
});
