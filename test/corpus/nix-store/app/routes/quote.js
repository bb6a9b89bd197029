module.exports = { path: '/quote', handle: (url) => require('../quotes').pick(Number(url.searchParams.get('n') ?? 0)) };
