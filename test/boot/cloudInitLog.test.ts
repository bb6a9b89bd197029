import { expect, test } from "vitest";
import { readBootSource } from "../../src/boot/bootSource.ts";
import { readCloudInitLog } from "../../src/boot/formats/cloudInitLog.ts";
import { bytes } from "./sampleBoots.ts";

const at = (second: number, text: string): string => `2026-11-28 01:44:${String(second).padStart(2, "0")},250 - ${text}\n`;
const begins = (second: number, mode: string): string =>
  at(second, `util.py[DEBUG]: Cloud-init v. 22.4.2 running '${mode}' at Sat, 28 Nov 2026 01:44:12 +0000. Up 4919.30 seconds.`);
const epochMs = (second: number): number => Date.UTC(2026, 10, 28, 1, 44, second, 250);

const log =
  begins(1, "init-local") +
  at(2, "handlers.py[DEBUG]: start: init-local/check-cache: attempting to read from cache [check]") +
  at(3, "handlers.py[DEBUG]: finish: init-local/check-cache: SUCCESS: no cache found") +
  at(3, "util.py[DEBUG]: Writing to /run/cloud-init/x - wb: [644] 20 bytes") +
  at(4, "handlers.py[DEBUG]: finish: init-local: SUCCESS: searching for local datasources") +
  begins(5, "init") +
  at(6, "handlers.py[DEBUG]: finish: init-network: FAIL: searching for network datasources") +
  begins(7, "modules:final");

test("the log tells what the dump that is made of it tells", async () => {
  const stages = [
    { name: "init-local", fromEpochMs: epochMs(1), toEpochMs: epochMs(4), result: "SUCCESS" },
    { name: "init-local/check-cache", fromEpochMs: epochMs(2), toEpochMs: epochMs(3), result: "SUCCESS" },
    { name: "init-network", fromEpochMs: epochMs(5), toEpochMs: epochMs(6), result: "FAIL" },
    { name: "modules-final", fromEpochMs: epochMs(7) },
  ];
  expect(readCloudInitLog(log)).toEqual(stages);
  expect((await readBootSource(bytes(log))).source).toEqual({ form: "cloud-init analyze dump", stages });
});

test("of several boots in one log the last counts; a cut or strange log is read as far as it goes", () => {
  expect(readCloudInitLog(log + begins(30, "init-local") + begins(31, "init"))?.map(({ fromEpochMs }) => fromEpochMs)).toEqual([
    epochMs(30),
    epochMs(31),
  ]);
  expect(readCloudInitLog(log.slice(40, 500))).toHaveLength(1);
  expect(readCloudInitLog(at(1, "handlers.py[DEBUG]: finish: never-begun: SUCCESS: x"))).toEqual([]);
  expect(readCloudInitLog("2026-99-99 01:44:01,000 - util.py[DEBUG]: start: a: b\nNov 28 00:00:00 x\n\u0000")).toBeUndefined();
});
