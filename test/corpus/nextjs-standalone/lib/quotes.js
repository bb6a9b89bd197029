import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export async function quotes() {
  const { marked } = await import('marked');
  const all = JSON.parse(await readFile(join(process.cwd(), 'data', 'quotes.json'), 'utf8'));
  return all.map((each, id) => ({ id, html: marked.parse(each) }));
}
