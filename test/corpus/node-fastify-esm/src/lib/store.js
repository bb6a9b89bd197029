import { DatabaseSync } from 'node:sqlite';

/** Items in SQLite, as Node 22 carries it. */
export class Store {
  constructor(path = ':memory:') {
    this.db = new DatabaseSync(path);
    this.db.exec('create table if not exists item (id text primary key, name text, price real)');
  }
  add(item) { this.db.prepare('insert into item values (?, ?, ?)').run(item.id, item.name, item.price); return item; }
  all(limit) { return this.db.prepare('select * from item order by name limit ?').all(limit); }
}
