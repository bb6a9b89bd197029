export default () => ({
  port: Number(process.env.PORT ?? 3000),
  docs: { enabled: process.env.DOCS === "true" },
});
