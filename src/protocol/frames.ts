import { z } from "zod/mini";
import { measures } from "../results/measureText.ts";
import { touchedFilters } from "../results/report.ts";
import type { MethodName } from "./messages.ts";

/** What travels between host and panel. */
export type Frame =
  | { readonly kind: "event"; readonly name: string; readonly data: unknown }
  | { readonly kind: "call"; readonly id: number; readonly method: string; readonly args: readonly unknown[] }
  | { readonly kind: "reply"; readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly kind: "reply"; readonly id: number; readonly ok: false; readonly error: FrameError };

/** What of an error crosses the wire: its code and words, no stack. */
export interface FrameError {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

const count = z.int().check(z.nonnegative());

/** A question for a page of files. */
export const fileQuery = z.strictObject({
  search: z.string().check(z.maxLength(1000)),
  touched: z.enum(touchedFilters),
  layerIndex: z.optional(count),
  package: z.optional(z.string().check(z.maxLength(1000))),
  sort: z.enum(["size", "path"]),
  offset: count,
  limit: count.check(z.lte(1000)),
});

/** The arguments of each method; a row that is missing here does not compile. */
const argumentsOf = {
  ready: z.tuple([]),
  files: z.tuple([fileQuery]),
  setMeasure: z.tuple([z.enum(measures)]),
  inspectAgain: z.tuple([]),
  cancel: z.tuple([]),
  showLog: z.tuple([]),
  chooseImage: z.tuple([]),
  compareTrace: z.tuple([]),
  forgetTrace: z.tuple([]),
  savePrefetchList: z.tuple([]),
} satisfies Record<MethodName, z.ZodMiniType>;

const callFrame = z.strictObject({ kind: z.literal("call"), id: count, method: z.string(), args: z.array(z.unknown()) });

/** A call whose method is known and whose arguments fit it. */
export interface CheckedCall<Name extends string = MethodName> {
  readonly id: number;
  readonly method: Name;
  readonly args: readonly unknown[];
}

/** A call as a page sent it, checked wholly: pages show foreign data and are not trusted. `table`: the arguments of each method. */
export function checkCallOf<Name extends string>(
  table: Readonly<Record<Name, z.ZodMiniType>>,
  message: unknown,
): CheckedCall<Name> | undefined {
  const frame = callFrame.safeParse(message);
  if (!frame.success || !Object.hasOwn(table, frame.data.method)) return undefined;
  const method = frame.data.method as Name;
  const args = table[method].safeParse(frame.data.args);
  return args.success ? { id: frame.data.id, method, args: args.data as readonly unknown[] } : undefined;
}

export function checkCall(message: unknown): CheckedCall | undefined {
  return checkCallOf<MethodName>(argumentsOf, message);
}
