const http = require('node:http');
const fs = require('node:fs');
const path = require('node:path');

const routes = new Map();
for (const file of fs.readdirSync(path.join(__dirname, 'routes'))) {
  const route = require(path.join(__dirname, 'routes', file));
  routes.set(route.path, route.handle);
}
const server = http.createServer((request, response) => {
  const url = new URL(request.url, 'http://localhost');
  const handle = routes.get(url.pathname);
  response.statusCode = handle ? 200 : 404;
  response.end(handle ? handle(url) : 'nothing here');
});
server.listen(Number(process.env.PORT ?? 8080));
