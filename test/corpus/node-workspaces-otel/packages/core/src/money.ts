export const total = (lines: readonly { quantity: number; cents: number }[]): number => lines.reduce((sum, line) => sum + line.quantity * line.cents, 0);
