export default async function search(app) {
  app.get('/', async (request) => app.store.all(1000).filter((item) => item.name.includes(request.query.q ?? '')));
}
