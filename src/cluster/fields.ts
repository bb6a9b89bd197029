/** Reading fields of objects that come from a cluster or a kubeconfig: anything may be missing or of another type. */

export type Fields = Readonly<Record<string, unknown>>;

const nothing: Fields = Object.freeze({});

/** An empty one when the value is no object. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : nothing;
}

/** What lies at the path; an empty one when any step is missing or is no object. */
export function fieldsAt(value: unknown, ...path: readonly string[]): Fields {
  let at = fieldsOf(value);
  for (const key of path) at = Object.hasOwn(at, key) ? fieldsOf(at[key]) : nothing;
  return at;
}

/** Undefined also for an empty text. */
export function textAt(value: unknown, key: string): string | undefined {
  const fields = fieldsOf(value);
  const found = Object.hasOwn(fields, key) ? fields[key] : undefined;
  return typeof found === "string" && found !== "" ? found : undefined;
}

/** An empty one when the value is no list. */
export function listAt(value: unknown, key: string): readonly unknown[] {
  const found = fieldsOf(value)[key];
  return Array.isArray(found) ? found : [];
}

/** Only the texts among the values: labels, annotations. */
export function textsAt(value: unknown, key: string): Readonly<Record<string, string>> {
  const entries = Object.entries(fieldsAt(value, key)).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return Object.fromEntries(entries);
}
