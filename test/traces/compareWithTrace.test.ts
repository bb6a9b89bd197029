import { expect, test } from "vitest";
import { compared } from "../../src/inspect/traced.ts";
import { readTraceBytes } from "../../src/traces/readTrace.ts";
import { resolveTrace } from "../../src/traces/resolveTrace.ts";
import { smallInspection } from "../results/fakeInspection.ts";

/** The image has four files, 29,001,500 bytes; /app/serve.py (1,000) and /lib/big.so (9,000,000, pages 400,000) are predicted. */
const inspection = smallInspection();

async function comparison(trace: string) {
  const traced = await readTraceBytes("trace", [Buffer.from(trace)]);
  return compared(inspection, { traced, resolved: resolveTrace(inspection.catalog, traced, "/") });
}

test("recall, precision, bytes, errors in points, and which interval holds", async () => {
  const result = await comparison("/app/serve.py\n/usr/share/doc/README\n");
  expect(result).toMatchObject({
    moment: "ready",
    traced: { openedFiles: 2, wholeBytes: 1500 },
    recall: 0.5,
    precision: 0.5,
    isCovered: { openedFiles: true, wholeBytes: false },
    missed: [{ path: "/usr/share/doc/README", sizeBytes: 500, layerIndex: 0 }],
  });
  expect(result.byteRecall).toBeCloseTo(1000 / 1500);
  expect(result.errorPoints.openedFiles).toBe(0);
  expect(result.errorPoints.wholeBytes).toBeCloseTo((100 * (9_001_000 - 1500)) / 29_001_500);
  expect(result.surplus.map((file) => file.path)).toEqual(["/lib/big.so"]);
});

test("pages and chunks are compared only where the recorder told them", async () => {
  expect((await comparison("/app/serve.py\n")).traced).not.toHaveProperty("pageBytes");
  const truth = await comparison("openedFiles 2\nchunkBytes4MiB 5000000\n/app\n\tserve.py\t1000\t1\n/lib\n\tbig.so\t9000000\t100\n");
  expect(truth.traced).toEqual({ openedFiles: 2, wholeBytes: 9_001_000, pageBytes: 1000 + 409_600, chunkBytes: 5_000_000 });
  expect(truth.errorPoints.pageBytes).toBeCloseTo((100 * (401_000 - 410_600)) / 29_001_500);
});

test("ranges become pages and chunks that are counted once each", async () => {
  const ranges = await comparison(
    '{"version":"v1","files":[{"path":"/lib/big.so","ranges":[[100,50],[4000,200],[8388600,100000000]]},{"path":"/app/serve.py","ranges":[[0,1]]}]}',
  );
  // Pages 0 and 1 and from page 2047 to the end; both chunks of the file that the end lies in.
  expect(ranges.traced.pageBytes).toBe(1000 + 2 * 4096 + (9_000_000 - 2047 * 4096));
  expect(ranges.traced.chunkBytes).toBe(1000 + 4_194_304 + (9_000_000 - 4_194_304));
});
