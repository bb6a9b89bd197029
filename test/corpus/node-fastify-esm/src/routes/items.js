import { nanoid } from 'nanoid';
import { convert } from '#lib/prices';

const body = { type: 'object', required: ['name', 'price'], properties: { name: { type: 'string' }, price: { type: 'number' }, currency: { type: 'string' } } };

export default async function items(app) {
  app.get('/', async () => app.store.all(app.settings.page.size));
  app.post('/', { schema: { body } }, async (request, reply) => {
    const { name, price, currency } = request.body;
    const { default: slug } = await import('#lib/slug');
    reply.code(201);
    return app.store.add({ id: `${slug(name)}-${nanoid(6)}`, name, price: convert(price, currency ?? 'EUR') });
  });
}
