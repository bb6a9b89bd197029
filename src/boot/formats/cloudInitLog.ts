import type { StageTime } from "./jsonDocuments.ts";

/** The name of a stage in events, by the word with which the log tells of its beginning. */
const stageNames: Readonly<Record<string, string>> = {
  init: "init-network",
  "modules:config": "modules-config",
  "modules:final": "modules-final",
};
/** A boot has some hundred; the log keeps all boots of a machine. */
const maxStages = 10_000;

/**
 * `/var/log/cloud-init.log`: what `cloud-init analyze dump` is made of, in UTC. Gives the stages of the last boot in it, in the order in which
 * they began; undefined when the text is no such log.
 */
export function readCloudInitLog(text: string): StageTime[] | undefined {
  let stages: { name: string; fromEpochMs: number; toEpochMs?: number; result?: string }[] = [];
  let isLog = false;
  for (const line of text.split("\n")) {
    const match = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d),(\d{3}) - \w{1,40}\.py\[DEBUG\]: (Cloud-init v\.|start: |finish: )(.{1,300})/.exec(
      line,
    );
    if (!match) continue;
    const [, date = "", time = "", millis = "", kind, rest = ""] = match;
    const atEpochMs = Date.parse(`${date}T${time}.${millis}Z`);
    if (!Number.isFinite(atEpochMs)) continue;
    isLog = true;
    if (kind === "finish: ") {
      const [, name, result] = /^([^\s:]+): (\w+):/.exec(rest) ?? [];
      const open = stages.findLast((stage) => stage.name === name && stage.toEpochMs === undefined);
      if (!open || result === undefined) continue;
      open.toEpochMs = atEpochMs;
      open.result = result;
      continue;
    }
    const word = (kind === "start: " ? /^([^\s:]+):/ : / running '([^']+)' at /).exec(rest)?.[1];
    if (word === undefined) continue;
    // A machine that boots again goes on in the same file.
    if (kind === "Cloud-init v." && word === "init-local") stages = [];
    if (stages.length < maxStages) stages.push({ name: stageNames[word] ?? word, fromEpochMs: atEpochMs });
  }
  return isLog ? stages : undefined;
}
