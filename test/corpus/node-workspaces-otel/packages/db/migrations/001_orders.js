exports.up = (knex) => knex.schema.createTable("orders", (table) => { table.increments("id"); table.string("customer"); table.integer("cents"); table.text("lines"); });
exports.down = (knex) => knex.schema.dropTable("orders");
