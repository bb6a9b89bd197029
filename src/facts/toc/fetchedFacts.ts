import type { Problem } from "../../base/text.ts";
import type { Digest, TarEntry } from "../../image/image.ts";
import { wantsContent } from "../extractors.ts";
import { FactsEncoder } from "../factsFormat.ts";
import type { FileFact } from "../fileFact.ts";
import type { LayerFacts } from "../layerFacts.ts";
import type { TableOfContents } from "./tocFile.ts";

/** The facts of a table of contents, with those of the contents that were fetched since. */
export class FetchedFacts implements LayerFacts {
  readonly base: LayerFacts;
  /** By entry index; undefined for a content that says nothing or could not be had. */
  readonly fetched: ReadonlyMap<number, FileFact | undefined>;
  readonly problems: readonly Problem[];

  constructor(base: LayerFacts, fetched: ReadonlyMap<number, FileFact | undefined>, problems: readonly Problem[]) {
    this.base = base;
    this.fetched = fetched;
    this.problems = problems;
  }

  get diffId(): Digest {
    return this.base.diffId;
  }

  get tarSizeBytes(): number {
    return this.base.tarSizeBytes;
  }

  get basis(): LayerFacts["basis"] {
    return this.base.basis;
  }

  get entries(): readonly TarEntry[] {
    return this.base.entries;
  }

  fact(entryIndex: number): FileFact | undefined {
    return this.fetched.has(entryIndex) ? this.fetched.get(entryIndex) : this.base.fact(entryIndex);
  }

  isPending(entryIndex: number): boolean {
    return this.base.isPending(entryIndex) && !this.fetched.has(entryIndex);
  }
}

/** A table of contents as facts without contents: entries whose content may matter are pending. */
export function encodeTable(table: TableOfContents, diffId: Digest): Buffer {
  const encoder = new FactsEncoder();
  for (const { entry, pieces } of table.files) encoder.add(entry, pieces.length > 0 && wantsContent(entry));
  return encoder.finish({ diffId, tarSizeBytes: 0, basis: "table-of-contents", problems: table.problems });
}

/** What was fetched, as the facts of a layer that has only those entries: small, whatever the table's size. */
export function encodeFetched(facts: FetchedFacts): Buffer {
  const encoder = new FactsEncoder();
  for (const entryIndex of [...facts.fetched.keys()].sort((a, b) => a - b)) {
    const entry = facts.entries[entryIndex];
    if (!entry) continue;
    const index = encoder.add(entry);
    const fact = facts.fetched.get(entryIndex);
    if (fact) encoder.addFact(index, fact);
  }
  return encoder.finish(facts);
}

/** The reverse of `encodeFetched`, found by path; of entries with one path the last one counts, as everywhere. */
export function withFetched(base: LayerFacts, kept: LayerFacts | undefined): FetchedFacts {
  const fetched = new Map<number, FileFact | undefined>();
  if (!kept) return new FetchedFacts(base, fetched, base.problems);
  const keptByPath = new Map(kept.entries.map(({ path }, i) => [path, i]));
  base.entries.forEach(({ path }, i) => {
    const keptIndex = keptByPath.get(path);
    if (keptIndex !== undefined) fetched.set(i, kept.fact(keptIndex));
  });
  return new FetchedFacts(base, fetched, kept.problems);
}
