import "dotenv/config";
import { Orders } from "@shop/db";
import { app } from "./app";
import { log } from "./log";

async function main(): Promise<void> {
  const orders = new Orders();
  await orders.migrate();
  const port = Number(process.env["PORT"] ?? 3000);
  app(orders).listen(port, () => log.info("listening", { port }));
}
main().catch((error: unknown) => { log.error("cannot start", { error }); process.exitCode = 1; });
