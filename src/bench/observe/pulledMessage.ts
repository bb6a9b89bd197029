import type { PullReport } from "../observation.ts";

/**
 * Reads the message of the kubelet's event `Pulled`; undefined when it is in no known form. The forms over time (kubelet
 * `images/image_manager.go`):
 * - `Successfully pulled image "x" in 1.2s (3.4s including waiting). Image size: 5 bytes.` since 1.29
 * - `Successfully pulled image "x" in 1.2s (3.4s including waiting)` since 1.27; before `in 1.2s`, which is with waiting
 * - `Container image "x" already present on machine`, since 1.35 also `… and can be accessed by the pod`
 */
export function parsePulledMessage(message: string): PullReport | undefined {
  if (/^Container image .* already present on machine\b/.test(message)) return { durationMs: 0, alreadyPresent: true };
  const match =
    /^Successfully pulled image .* in ([0-9a-zµμ.]+)(?: \(([0-9a-zµμ.]+) including waiting\))?(?:\. Image size: (\d{1,15}) bytes)?\.?$/.exec(
      message,
    );
  const first = goDurationMs(match?.[1] ?? "");
  if (!match || first === undefined) return undefined;
  const includingWaitingMs = match[2] === undefined ? undefined : goDurationMs(match[2]);
  return {
    durationMs: first,
    ...(includingWaitingMs !== undefined && { includingWaitingMs }),
    ...(match[3] !== undefined && { imageSizeBytes: Number(match[3]) }),
    alreadyPresent: false,
  };
}

const unitMs: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1, us: 0.001, µs: 0.001, μs: 0.001, ns: 0.000001 };

/** A duration as Go prints it (`time.Duration.String`): `1m2.345s`, `850ms`, `0s`. Undefined when it is none. */
export function goDurationMs(text: string): number | undefined {
  if (!/^(?:\d{1,12}(?:\.\d{1,12})?(?:h|ms|m|s|us|µs|μs|ns))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s|us|µs|μs|ns)/g))
    total += Number(amount) * (unitMs[unit ?? ""] ?? 0);
  return total;
}
