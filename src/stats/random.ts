/**
 * Random numbers in [0, 1) that are the same for the same seed on every machine: orders of trials can be drawn again, and a report's
 * intervals do not change when it is opened twice. sfc32 by Chris Doty-Humphrey (PractRand), its state filled by splitmix32; not for secrets.
 * Seeds that differ in their lower 32 bits give unrelated sequences.
 */
export function seededRandom(seed: number): () => number {
  let filling = seed >>> 0;
  const fill = (): number => {
    filling = (filling + 0x9e3779b9) | 0;
    let mixed = filling ^ (filling >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return mixed ^ (mixed >>> 15);
  };
  let a = fill();
  let b = fill();
  let c = fill();
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 4_294_967_296;
  };
  // The first few outputs still show the seed.
  for (let round = 0; round < 12; round++) next();
  return next;
}
