import { join } from 'node:path';
import fastify from 'fastify';
import autoload from '@fastify/autoload';
import { Store } from '#store';

export async function buildServer(config) {
  const app = fastify({
    logger: { level: config.log.level, transport: { targets: [
      { target: 'pino/file', options: { destination: config.log.file } },
      { target: 'pino-pretty', options: { colorize: false }, level: 'error' },
    ] } },
  });
  app.decorate('store', new Store());
  app.decorate('settings', config);
  await app.register(autoload, { dir: join(import.meta.dirname, 'plugins') });
  for (const feature of config.features) {
    const { default: routes } = await import(`./routes/${feature}.js`);
    await app.register(routes, { prefix: `/${feature}` });
  }
  app.get('/health', async () => ({ status: 'ok' }));
  return app;
}
