import { parseJsonObject } from "../base/json.ts";
import { fieldsAt, listAt, type Fields } from "./fields.ts";

/** One page of a list; its items are parsed one after another while they are taken. */
export interface ListPage {
  readonly metadata: Fields;
  readonly items: Iterable<unknown>;
  /** To be asked when the items were taken: the text was broken, and items are missing. */
  isBroken(): boolean;
}

/** How API servers write what lies between two items. Within a text of JSON it would have escapes, within an item it is rare. */
const boundary = '},{"metadata":{';
const start = '"items":[';
/** So many boundaries within one item are believed; after that the page is parsed as a whole. */
const mostParts = 50;

/**
 * Reads a page of a list from its JSON. A page of 500 pods as objects takes ten times the memory of what is kept of them, and the garbage
 * collector takes its time; item by item it never exists. Undefined when the text is no JSON object.
 */
export function parseListPage(text: string): ListPage | undefined {
  const at = text.indexOf(start);
  const head = at < 0 ? undefined : parseJsonObject(`${text.slice(0, at)}"items":[]}`);
  const end = text.lastIndexOf("]");
  // A server may write the fields in another order.
  if (!head || end < at || !/^\]\s*\}\s*$/.test(text.slice(end))) {
    const whole = parseJsonObject(text);
    return whole && { metadata: fieldsAt(whole, "metadata"), items: listAt(whole, "items"), isBroken: () => false };
  }
  let broken = false;
  const items = itemsWithin(text, at + start.length, end, () => (broken = true));
  return { metadata: fieldsAt(head, "metadata"), items, isBroken: () => broken };
}

function* itemsWithin(text: string, from: number, end: number, onBroken: () => void): Generator<unknown> {
  let begin = from;
  let parts = 1;
  let search = from;
  let taken = 0;
  while (begin < end) {
    const found = text.indexOf(boundary, search);
    const stop = found < 0 || found >= end ? end : found + 1;
    const item = parsed(text.slice(begin, stop));
    search = stop + 1;
    if (item !== undefined) {
      yield item;
      taken++;
      begin = stop + 1;
      parts = 1;
    } else if (stop === end || ++parts > mostParts) {
      // The boundary lay within an item, or the text is broken: what was taken is not taken again.
      const whole = parseJsonObject(text);
      if (whole) yield* listAt(whole, "items").slice(taken);
      else onBroken();
      return;
    }
  }
}

function parsed(piece: string): unknown {
  try {
    return JSON.parse(piece);
  } catch {
    return undefined;
  }
}
