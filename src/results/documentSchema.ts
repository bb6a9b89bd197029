import * as z from "zod/mini";
import { problemSchema, runSchema } from "./benchSchema.ts";
import { documentKind, documentVersion } from "./document.ts";

/** Only what a panel cannot do without; all else of an image's report is read as it is. */
export const imageFrame = z.looseObject({
  schemaVersion: z.literal(1),
  createdAtEpochMs: z.number(),
  image: z.looseObject({ reference: z.string(), platform: z.string(), originLabel: z.string() }),
  totals: z.looseObject({ files: z.number(), bytes: z.number() }),
  estimate: z.looseObject({
    ...Object.fromEntries(
      (["openedFiles", "wholeBytes", "pageBytes", "chunkBytes"] as const).map((measure) => [
        measure,
        z.looseObject({ value: z.number(), low: z.number(), high: z.number() }),
      ]),
    ),
    chunkSizeBytes: z.number(),
    afterRequest: z.looseObject({}),
    confidence: z.enum(["high", "medium", "low"]),
    flags: z.array(z.looseObject({ code: z.string(), message: z.string() })),
    commands: z.array(z.looseObject({ argv: z.array(z.string()) })),
  }),
  layers: z.array(z.looseObject({ index: z.number(), bytes: z.number(), files: z.number() })),
  packages: z.array(z.looseObject({ name: z.string(), bytes: z.number() })),
  files: z.array(z.looseObject({ path: z.string(), sizeBytes: z.number() })),
  requestFiles: z.array(z.looseObject({ path: z.string() })),
  weights: z.array(z.looseObject({ path: z.string() })),
  findings: z.array(z.looseObject({ code: z.string(), message: z.string() })),
  problems: z.array(problemSchema),
});

/** Only what a printed report cannot do without, as of an image's. */
export const bootsFrame = z.looseObject({
  unit: z.string(),
  boots: z.array(
    z.looseObject({
      name: z.string(),
      machine: z.looseObject({}),
      phases: z.array(z.looseObject({ phase: z.string(), durationMs: z.number() })),
      chain: z.looseObject({
        state: z.string(),
        endAtMs: z.number(),
        spans: z.array(z.looseObject({ kind: z.string(), unit: z.string() })),
      }),
      units: z.array(z.looseObject({ unit: z.string() })),
      stages: z.array(z.looseObject({})),
      problems: z.array(problemSchema),
    }),
  ),
  advice: z.array(z.looseObject({})),
  assumptions: z.array(z.string()),
});

/** What stands around the parts, before any of them is read. */
export const documentFrame = z.looseObject({
  schemaVersion: z.number(),
  kind: z.literal(documentKind),
  createdAtEpochMs: z.number(),
  tool: z.looseObject({ name: z.string(), version: z.string() }),
  image: z.exactOptional(z.unknown()),
  bench: z.exactOptional(z.unknown()),
  boots: z.exactOptional(z.unknown()),
});

/** The whole document as its JSON schema says it. */
export const documentSchema = z
  .looseObject({
    schemaVersion: z.literal(documentVersion),
    kind: z.literal(documentKind),
    createdAtEpochMs: z.number(),
    tool: z.looseObject({ name: z.string(), version: z.string() }),
    image: z.exactOptional(imageFrame),
    bench: z.exactOptional(
      z.looseObject({
        run: runSchema,
        summary: z.exactOptional(z.looseObject({}).check(z.describe("Derived from the run; Coldstart derives it anew when it reads."))),
      }),
    ),
    boots: z.exactOptional(bootsFrame),
  })
  .check(z.describe("A Coldstart report: an image, a benchmark, boots of nodes. Times are in ms, sizes in bytes."));
