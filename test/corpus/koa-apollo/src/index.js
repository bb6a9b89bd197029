const http = require("http");
const config = require("config");
const log = require("./log");
const { createApp } = require("./app");

async function main() {
  const app = await createApp();
  const server = http.createServer(app.callback());
  server.listen(config.get("port"), () => log.info("listening", { port: config.get("port") }));
  process.on("SIGTERM", () => server.close());
}

main().catch((error) => {
  log.error(error);
  process.exitCode = 1;
});
