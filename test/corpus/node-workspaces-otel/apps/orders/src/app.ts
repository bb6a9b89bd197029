import express, { type Express } from "express";
import helmet from "helmet";
import { due, orderSchema } from "@shop/core";
import type { Orders } from "@shop/db";

export function app(orders: Orders): Express {
  const app = express();
  app.use(helmet());
  app.use(express.json());
  app.get("/health", (_request, response) => { response.json({ status: "ok" }); });
  app.post("/orders", async (request, response) => {
    const order = orderSchema.safeParse(request.body);
    if (!order.success) { response.status(422).json(order.error.issues); return; }
    const { invoice } = await import("./invoice.js");
    const id = await orders.add(order.data);
    response.status(201).json({ id, due: due(14), invoice: invoice(order.data, id ?? 0), count: await orders.count() });
  });
  return app;
}
