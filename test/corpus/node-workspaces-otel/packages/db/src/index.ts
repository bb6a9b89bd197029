import knex, { type Knex } from "knex";
import type { Order } from "@shop/core";
import { total } from "@shop/core/money";
import { join } from "node:path";

export class Orders {
  readonly #db: Knex;
  constructor(client = process.env["DB_CLIENT"] ?? "better-sqlite3") {
    this.#db = knex({ client, connection: { filename: ":memory:" }, useNullAsDefault: true, pool: { min: 1, max: 1 }, migrations: { directory: join(__dirname, "..", "migrations") } });
  }
  async migrate(): Promise<void> { await this.#db.migrate.latest(); }
  async add(order: Order): Promise<number | undefined> {
    const [id] = await this.#db("orders").insert({ customer: order.customer, cents: total(order.lines), lines: JSON.stringify(order.lines) });
    return id;
  }
  async count(): Promise<number> { return Number((await this.#db("orders").count({ n: "*" }))[0]?.["n"]); }
}
