/**
 * Ms since 1970 with a fraction, from the monotonic clock since this process began: two readings never run backwards, and all of a run
 * stand on one line. A step of the system's clock in the meantime is not followed.
 */
export function nowEpochMs(): number {
  return performance.timeOrigin + performance.now();
}
