module.exports = { path: '/health', handle: () => 'ok' };
