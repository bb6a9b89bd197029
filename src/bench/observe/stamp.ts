/**
 * Ms since 1970 of a Kubernetes stamp; whole seconds, or µs for stamps such as `2026-01-01T00:00:00.123456Z`, which `Date.parse` would cut
 * to ms. Undefined for what is no stamp, and for the zero time of Go.
 */
export function stampEpochMs(text: string | undefined): number | undefined {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d{1,9})?Z$/.exec(text ?? "");
  if (!match) return undefined;
  const second = Date.parse(`${match[1]}Z`);
  return second > 0 ? second + (match[2] === undefined ? 0 : Number(match[2]) * 1000) : undefined;
}
