/**
 * The non-negative coefficients whose weighted sums of the rows' features come nearest to the targets, in the sense of least
 * squares. By coordinate descent, which for a convex quadratic with bounds ends at the optimum (Franc et al. 2005).
 */
export function nonNegativeLeastSquares<Feature extends string>(
  rows: readonly { readonly features: ReadonlyMap<Feature, number>; readonly target: number; readonly weight: number }[],
  names: readonly Feature[],
): Record<Feature, number> {
  const at = new Map(names.map((name, index) => [name, index]));
  const gram = names.map(() => new Float64Array(names.length));
  const right = new Float64Array(names.length);
  for (const { features, target, weight } of rows)
    for (const [name, amount] of features) {
      const i = at.get(name);
      if (i === undefined) continue;
      right[i] = (right[i] ?? 0) + weight * weight * amount * target;
      const line = gram[i];
      for (const [other, otherAmount] of features) {
        const j = at.get(other);
        if (line && j !== undefined) line[j] = (line[j] ?? 0) + weight * weight * amount * otherAmount;
      }
    }
  const solution = new Float64Array(names.length);
  for (let round = 0, change = 1; round < 100_000 && change > 1e-9; round++) {
    change = 0;
    for (let i = 0; i < names.length; i++) {
      const line = gram[i];
      const diagonal = line?.[i] ?? 0;
      if (!line || diagonal === 0) continue;
      let slope = right[i] ?? 0;
      for (let j = 0; j < names.length; j++) slope -= (line[j] ?? 0) * (solution[j] ?? 0);
      const next = Math.max(0, (solution[i] ?? 0) + slope / diagonal);
      change = Math.max(change, Math.abs(next - (solution[i] ?? 0)));
      solution[i] = next;
    }
  }
  return Object.fromEntries(names.map((name, index) => [name, solution[index] ?? 0])) as Record<Feature, number>;
}
