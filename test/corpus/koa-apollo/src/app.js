const path = require("path");
const { ApolloServer } = require("@apollo/server");
const { koaMiddleware } = require("@as-integrations/koa");
const { loadFiles } = require("@graphql-tools/load-files");
const { mergeTypeDefs, mergeResolvers } = require("@graphql-tools/merge");
const cors = require("@koa/cors");
const Router = require("@koa/router");
const Koa = require("koa");
const bodyParser = require("koa-bodyparser");
const { readingsLoader } = require("./loaders");

exports.createApp = async () => {
  const [types, resolvers] = await Promise.all([
    loadFiles(path.join(__dirname, "schema/**/*.graphql")),
    loadFiles(path.join(__dirname, "schema/**/*.resolver.js")),
  ]);
  const apollo = new ApolloServer({ typeDefs: mergeTypeDefs(types), resolvers: mergeResolvers(resolvers) });
  await apollo.start();
  const router = new Router();
  router.get("/health", (context) => {
    context.body = { status: "ok" };
  });
  router.all("/graphql", koaMiddleware(apollo, { context: async () => ({ readings: readingsLoader() }) }));
  return new Koa().use(cors()).use(bodyParser()).use(router.routes()).use(router.allowedMethods());
};
