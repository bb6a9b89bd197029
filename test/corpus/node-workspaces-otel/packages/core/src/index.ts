import { z } from "zod";
export const orderSchema = z.object({ customer: z.string().email(), lines: z.array(z.object({ sku: z.string(), quantity: z.number().int().positive(), cents: z.number().int() })).min(1) });
export type Order = z.infer<typeof orderSchema>;
export { due } from "./dates";
