import fp from 'fastify-plugin';
import swagger from '@fastify/swagger';
export default fp(async (app) => { await app.register(swagger, { openapi: { info: { title: 'Catalogue', version: '1.4.0' } } }); });
