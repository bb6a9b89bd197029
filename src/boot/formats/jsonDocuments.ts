/** A stage of cloud-init on the wall clock. */
export interface StageTime {
  readonly name: string;
  readonly fromEpochMs: number;
  readonly toEpochMs?: number;
  readonly result?: string;
}

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * `cloud-init analyze dump`: start and finish events, which nest by name (`init-local`, `init-local/check-cache`). Gives every pair in the order in
 * which they began; undefined when the list holds no such event.
 */
export function readCloudInitDump(document: readonly unknown[]): StageTime[] | undefined {
  const events = document
    .filter(isObject)
    .filter((event) => typeof event["name"] === "string" && (event["event_type"] === "start" || event["event_type"] === "finish"));
  if (events.length === 0) return undefined;
  const stages: { name: string; fromEpochMs: number; toEpochMs?: number; result?: string }[] = [];
  for (const event of events) {
    const name = event["name"] as string;
    const seconds = event["timestamp"];
    if (typeof seconds !== "number" || !Number.isFinite(seconds)) continue;
    if (event["event_type"] === "start") {
      stages.push({ name, fromEpochMs: seconds * 1000 });
      continue;
    }
    const open = stages.findLast((stage) => stage.name === name && stage.toEpochMs === undefined);
    if (!open) continue;
    open.toEpochMs = seconds * 1000;
    if (typeof event["result"] === "string") open.result = event["result"];
  }
  return stages;
}

export interface NodeLatency {
  readonly instanceType?: string;
  readonly machineImage?: string;
  readonly instanceId?: string;
  /** In order of time; wall clock. */
  readonly events: readonly { readonly name: string; readonly atEpochMs: number }[];
}

/**
 * node-latency-for-k8s with `--output json` (`pkg/latency/latency.go`, `pkg/sources/sources.go`). Only `timestamp` is used: `seconds` holds nanoseconds since the first
 * event. Undefined for other documents.
 */
export function readNodeLatency(document: JsonObject): NodeLatency | undefined {
  const timings = document["timings"];
  if (!Array.isArray(timings)) return undefined;
  const events = timings.filter(isObject).flatMap((timing) => {
    const event = timing["event"];
    const name = isObject(event) ? event["name"] : undefined;
    const atEpochMs = typeof timing["timestamp"] === "string" ? Date.parse(timing["timestamp"]) : Number.NaN;
    // Events that were not found have Go's zero time.
    return typeof name === "string" && atEpochMs > 0 && timing["error"] == null ? [{ name, atEpochMs }] : [];
  });
  if (events.length === 0) return undefined;
  const metadata = isObject(document["metadata"]) ? document["metadata"] : {};
  const text = (key: string): string | undefined => (typeof metadata[key] === "string" && metadata[key] !== "" ? metadata[key] : undefined);
  const [instanceType, machineImage, instanceId] = [text("instanceType"), text("amiID"), text("instanceID")];
  return {
    ...(instanceType !== undefined && { instanceType }),
    ...(machineImage !== undefined && { machineImage }),
    ...(instanceId !== undefined && { instanceId }),
    events: events.sort((a, b) => a.atEpochMs - b.atEpochMs),
  };
}

/**
 * All properties of one object as `busctl --json=short call … GetAll` prints them, one document per line:
 * `{"type":"a{sv}","data":[{"Id":{"type":"s","data":"kubelet.service"},…}]}`. Gives them as `systemctl show` would.
 */
export function readBusProperties(document: JsonObject): ReadonlyMap<string, string> | undefined {
  const data = document["data"];
  const properties: unknown = document["type"] === "a{sv}" && Array.isArray(data) ? data[0] : undefined;
  if (!isObject(properties)) return undefined;
  const block = new Map<string, string>();
  for (const [name, property] of Object.entries(properties)) {
    const value = isObject(property) ? property["data"] : undefined;
    if (typeof value === "string") block.set(name, value);
    else if (typeof value === "number") block.set(name, String(value));
    else if (typeof value === "boolean") block.set(name, value ? "yes" : "no");
    else if (name === "Job" && Array.isArray(value)) block.set(name, String(value[0]));
    else if (Array.isArray(value) && value.every((item) => typeof item === "string")) block.set(name, value.map(quoted).join(" "));
  }
  return block;
}

function quoted(word: string): string {
  return /^[\w.@:-]+$/.test(word) ? word : `"${word.replace(/["\\$`]/g, "\\$&")}"`;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
