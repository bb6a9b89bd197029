import { request } from 'undici';
export default async function admin(app) {
  app.get('/upstream', async () => (await request('http://127.0.0.1:9')).statusCode);
}
