/** Half the width of Student's interval of the mean of three or four values. */
export function studentHalfWidth(values: readonly number[], level: number): number {
  const n = values.length;
  return studentQuantile((1 + level) / 2, n - 1) * (standardDeviation(values) / Math.sqrt(n));
}

/** With n - 1 in the denominator; 0 for fewer than two values. */
export function standardDeviation(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}

/** Two and three degrees of freedom have closed distribution functions; no others are asked for. */
function studentQuantile(probability: number, degrees: number): number {
  const distribution =
    degrees === 2
      ? (t: number): number => 0.5 + t / (2 * Math.sqrt(2 + t * t))
      : (t: number): number => 0.5 + (t / Math.sqrt(3) / (1 + (t * t) / 3) + Math.atan(t / Math.sqrt(3))) / Math.PI;
  let low = 0;
  let high = 1e4;
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (distribution(middle) < probability) low = middle;
    else high = middle;
  }
  return high;
}
