import type { BootReport } from "../boot/bootReport.ts";
import { csvLine } from "./csvLine.ts";

/** Boots × units for spreadsheets: one row a unit of a boot, times in ms from the start of userspace. */
export function bootCsv({ boots, unit: root }: BootReport): string {
  const rows = boots.flatMap(({ name, machine, chain, units }) =>
    units.map((one) => [
      name,
      machine.instanceType,
      machine.osName,
      root,
      chain.state,
      chain.state === "ready" ? chain.endAtMs : undefined,
      one.unit,
      one.class,
      one.fromMs,
      one.durationMs,
      one.outcome,
      one.restarts,
      one.isOnChain ? "yes" : "no",
      one.slackMs,
    ]),
  );
  return [columns, ...rows].map(csvLine).join("");
}

const columns = [
  "boot",
  "instance_type",
  "os",
  "waited_for",
  "state",
  "ready_ms",
  "unit",
  "class",
  "from_ms",
  "took_ms",
  "outcome",
  "restarts",
  "on_chain",
  "slack_ms",
];
