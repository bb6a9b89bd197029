export class Store {
  #items = new Map();
  add(item) { this.#items.set(item.id, item); return item; }
  all(limit) { return [...this.#items.values()].slice(0, limit); }
}
