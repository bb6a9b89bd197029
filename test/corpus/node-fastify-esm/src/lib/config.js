import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';

const schema = z.object({
  port: z.coerce.number().default(3000),
  log: z.object({ level: z.string(), file: z.string() }),
  page: z.object({ size: z.number() }),
  features: z.array(z.string()),
});

const load = async (name) => parse(await readFile(new URL(`../../config/${name}.yaml`, import.meta.url), 'utf8')) ?? {};
const base = await load('default');
const over = await load(process.env.NODE_ENV ?? 'development').catch(() => ({}));

export const config = schema.parse({ ...base, ...over, log: { ...base.log, ...over.log }, port: process.env.PORT });
