import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { BootChain, ReadBoot } from "../../src/boot/bootChain.ts";
import { readBootSource, type BootSource } from "../../src/boot/bootSource.ts";
import { joinSources } from "../../src/boot/joinSources.ts";

const folder = join(import.meta.dirname, "..", "fixtures", "boot");

/** Boots of real machines; `test/fixtures/boot/README.md` says where they come from. */
export const sampleNames: readonly string[] = readdirSync(folder)
  .filter((name) => name.endsWith(".json.gz"))
  .map((name) => name.replace(".json.gz", ""));

/** The files of one sample by name. */
export function sampleFiles(name: string): Readonly<Record<string, string>> {
  return JSON.parse(gunzipSync(readFileSync(join(folder, `${name}.json.gz`))).toString("utf8")) as Record<string, string>;
}

/** One sample as `readBoots` would read its folder, or some of its files only. */
export async function sampleBoot(name: string, onlyFiles?: RegExp): Promise<ReadBoot> {
  const files = Object.entries(sampleFiles(name)).filter(([file]) => onlyFiles?.test(file) ?? true);
  return bootOfTexts(
    name,
    files.map(([, text]) => text),
  );
}

export async function bootOfTexts(name: string, texts: readonly string[]): Promise<ReadBoot> {
  const sources: BootSource[] = [];
  for (const text of texts) {
    const { source } = await readBootSource(bytes(text));
    if (source) sources.push(source);
  }
  const [boot] = joinSources(name, sources);
  if (!boot) throw new Error(`${name} tells of no boot`);
  return boot;
}

export async function* bytes(text: string | Uint8Array, chunkSize = 65_536): AsyncGenerator<Uint8Array> {
  const all = Buffer.from(text as string);
  for (let at = 0; at < all.length; at += chunkSize) yield all.subarray(at, at + chunkSize);
}

export interface UnitTimes {
  readonly after?: readonly string[];
  readonly requires?: readonly string[];
  /** Seconds from the start of userspace. */
  readonly from?: number;
  readonly active?: number;
  readonly inactive?: number;
  readonly result?: string;
  readonly type?: string;
  readonly restarts?: number;
  readonly properties?: Readonly<Record<string, string>>;
}

const zeroUs = 100_000_000;

/** `systemctl show` of a machine that never was, of the manager and of units. Userspace begins at 100 s of the monotonic clock. */
export function showText(units: Readonly<Record<string, UnitTimes>>, finished: number | undefined = 60): string {
  const us = (seconds: number | undefined): string => String(seconds === undefined ? 0 : zeroUs + Math.round(seconds * 1_000_000));
  const manager = `UserspaceTimestampMonotonic=${zeroUs}\nFinishTimestampMonotonic=${us(finished)}\nSecurityStartTimestampMonotonic=0\n`;
  const blocks = Object.entries(units).map(([id, unit]) =>
    [
      ...(unit.type === undefined ? [] : [`Type=${unit.type}`]),
      `Result=${unit.result ?? "success"}`,
      `NRestarts=${unit.restarts ?? 0}`,
      `Id=${id}`,
      `Names=${id}`,
      `After=${(unit.after ?? []).join(" ")}`,
      `Requires=${(unit.requires ?? []).join(" ")}`,
      "WantedBy=multi-user.target",
      "LoadState=loaded",
      `InactiveExitTimestampMonotonic=${us(unit.from)}`,
      `ActiveEnterTimestampMonotonic=${us(unit.active)}`,
      `InactiveEnterTimestampMonotonic=${us(unit.inactive)}`,
      ...Object.entries(unit.properties ?? {}).map(([key, value]) => `${key}=${value}`),
      "",
    ].join("\n"),
  );
  return [manager, ...blocks].join("\n");
}

export async function bootOf(
  units: Readonly<Record<string, UnitTimes>>,
  finished?: number,
  ...others: readonly string[]
): Promise<BootChain> {
  return (await bootOfTexts("made", [showText(units, finished), ...others])).value;
}

const messageIds = {
  starting: "7d4958e842da4a758f6c1cdc7b36dcc5",
  started: "39f53479d3a045ac8e11786248231fbf",
  "start-failed": "be02cf6855d2428ba40df7e9d022f03d",
  failed: "d9b373ed55a64feb8242e02dbe79a49c",
  restart: "5eb03494b6584870a536b337290809b3",
  skipped: "0e4284a0caca4bfc81c0bb6786972673",
} as const;

/** A journal of the same machine, of `[seconds, unit, what happened, result]`. */
export function journalText(
  events: readonly (readonly [seconds: number, unit: string, kind: keyof typeof messageIds, result?: string])[],
): string {
  return events
    .map(([seconds, unit, kind, result]) => {
      const atUs = zeroUs + Math.round(seconds * 1_000_000);
      const reason =
        result === undefined ? {} : kind === "failed" ? { MESSAGE: `${unit}: Failed with result '${result}'.` } : { JOB_RESULT: result };
      const entry = {
        __REALTIME_TIMESTAMP: String(1_795_000_000_000_000 + atUs),
        __MONOTONIC_TIMESTAMP: String(atUs),
        _BOOT_ID: "78925eca86f840df962a5f7c1f3987a6",
        MESSAGE_ID: messageIds[kind],
        UNIT: unit,
        _SYSTEMD_UNIT: "init.scope",
        ...reason,
      };
      return `${JSON.stringify(entry)}\n`;
    })
    .join("");
}
