exports.up = (knex) => knex.schema.alterTable("orders", (table) => { table.string("due"); });
exports.down = (knex) => knex.schema.alterTable("orders", (table) => { table.dropColumn("due"); });
