import type { Order } from "@shop/core";
import { total } from "@shop/core/money";
export const invoice = (order: Order, id: number): string => `#${id} ${order.customer}: ${(total(order.lines) / 100).toFixed(2)}`;
