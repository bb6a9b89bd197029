import type { Interval } from "../../base/interval.ts";

/** One amount in several reports, the first one being what the others are compared with. */
export interface AmountRow {
  /** Names the row for programs, uniquely in its table. */
  readonly key: string;
  readonly label: string;
  /** `share`: 0..1. */
  readonly unit: "bytes" | "count" | "share";
  /** One for each report. */
  readonly cells: readonly AmountCell[];
}

export interface AmountCell {
  /** Absent: not known. */
  readonly value?: number;
  /** Of an estimate; absent: the value is exact. */
  readonly bounds?: Bounds;
  /** Absent for the first report, and where one of both is not known. */
  readonly difference?: number;
  /** What the difference is at least and at most, when both estimates are anywhere in their bounds. Absent: exact, or estimated alike. */
  readonly differenceBounds?: Bounds;
  /** `open`: the bounds of both estimates overlap. Absent where there is no difference to tell of. */
  readonly change?: "more" | "less" | "same" | "open";
}

export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** An exact number, an estimate with its bounds, or nothing that is known. */
export type Amount = number | Interval | undefined;

export function amountRow(key: string, label: string, unit: AmountRow["unit"], amounts: readonly Amount[]): AmountRow {
  return { key, label, unit, cells: amounts.map((own, index) => amountCell(own, index === 0 ? undefined : amounts[0])) };
}

function amountCell(own: Amount, base: Amount): AmountCell {
  if (own === undefined) return {};
  const cell: AmountCell = { value: valueOf(own), ...(typeof own !== "number" && { bounds: boundsOf(own) }) };
  if (base === undefined) return cell;
  const difference = valueOf(own) - valueOf(base);
  if (typeof own === "number" && typeof base === "number") return { ...cell, difference, change: exactChange(difference) };
  const [from, to] = [boundsOf(base), boundsOf(own)];
  if (difference === 0 && from.low === to.low && from.high === to.high) return { ...cell, difference, change: "same" };
  const differenceBounds = { low: to.low - from.high, high: to.high - from.low };
  const isClear = differenceBounds.low > 0 || differenceBounds.high < 0;
  return { ...cell, difference, differenceBounds, change: isClear ? exactChange(difference) : "open" };
}

function exactChange(difference: number): "more" | "less" | "same" {
  return difference === 0 ? "same" : difference > 0 ? "more" : "less";
}

function valueOf(amount: number | Interval): number {
  return typeof amount === "number" ? amount : amount.value;
}

function boundsOf(amount: number | Interval): Bounds {
  return typeof amount === "number" ? { low: amount, high: amount } : { low: amount.low, high: amount.high };
}
