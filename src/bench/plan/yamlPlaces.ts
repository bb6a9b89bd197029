import { isMap, isScalar, isSeq, type Document, type LineCounter, type Node, type Pair } from "yaml";
import type { TextRange } from "../../base/text.ts";

/** Where the value at `path` stands, or the nearest value around it that is there. */
export function placeOf(document: Document, path: readonly PropertyKey[], lines: LineCounter): TextRange | undefined {
  let node: unknown = document.contents;
  let found = rangeOf(node);
  for (const step of path) {
    if (isMap(node)) {
      const pair = pairOf(node.items, step);
      if (!pair) break;
      // A key without a value has a node of no length.
      found = nonEmpty(rangeOf(pair.value)) ?? rangeOf(pair.key) ?? found;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      found = rangeOf(node) ?? found;
    } else break;
  }
  return found && textRange(found[0], found[1], lines);
}

/** Where the key `name` of the map at `path` stands. */
export function keyPlaceOf(document: Document, path: readonly PropertyKey[], name: string, lines: LineCounter): TextRange | undefined {
  const node: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
  const key = isMap(node) ? rangeOf(pairOf(node.items, name)?.key) : undefined;
  return key ? textRange(key[0], key[1], lines) : placeOf(document, path, lines);
}

export function textRange(startOffset: number, endOffset: number, lines: LineCounter): TextRange {
  const start = lines.linePos(startOffset);
  const end = lines.linePos(Math.max(startOffset, endOffset));
  return {
    startLine: zeroBased(start.line),
    startColumn: zeroBased(start.col),
    endLine: zeroBased(end.line),
    endColumn: zeroBased(end.col),
  };
}

/** The package counts from 1, and gives 0 for an empty text. */
function zeroBased(position: number): number {
  return Math.max(0, position - 1);
}

function pairOf(items: readonly Pair[], step: PropertyKey): Pair | undefined {
  return items.find(({ key }) => (isScalar(key) ? String(key.value) : key) === String(step));
}

function rangeOf(node: unknown): readonly [number, number] | undefined {
  const range = typeof node === "object" && node !== null ? (node as Node).range : undefined;
  return range ? [range[0], range[1]] : undefined;
}

function nonEmpty(range: readonly [number, number] | undefined): readonly [number, number] | undefined {
  return range && range[1] > range[0] ? range : undefined;
}
