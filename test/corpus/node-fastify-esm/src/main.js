import { buildServer } from './server.js';
import { config } from '#config';

const app = await buildServer(config);
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => app.close().then(() => process.exit(0)));
await app.listen({ host: '0.0.0.0', port: config.port });
