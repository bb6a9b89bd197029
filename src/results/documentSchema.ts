import * as z from "zod/mini";
import { atEpochMs, runSchema } from "./benchSchema.ts";
import { bootSchema } from "./bootSchema.ts";
import { documentKind, documentVersion } from "./document.ts";
import { imageSchema } from "./imageSchema.ts";

/** What stands around the parts, before any of them is read. */
export const documentFrame = z.looseObject({
  schemaVersion: z.number(),
  kind: z.literal(documentKind),
  createdAtEpochMs: atEpochMs,
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
    createdAtEpochMs: atEpochMs,
    tool: z.looseObject({ name: z.string(), version: z.string() }),
    image: z.exactOptional(imageSchema),
    bench: z.exactOptional(
      z.looseObject({
        run: runSchema,
        summary: z.exactOptional(z.looseObject({}).check(z.describe("Derived from the run; Coldstart derives it anew when it reads."))),
      }),
    ),
    boots: z.exactOptional(bootSchema),
  })
  .check(z.describe("A Coldstart report: an image, a benchmark, boots of nodes. Times are in ms, sizes in bytes."));
