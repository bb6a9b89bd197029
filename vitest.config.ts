import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    globalSetup: ["test/temporaryRoot.ts"],
    include: ["test/**/*.test.ts"],
    exclude: ["test/real/**"],
    maxWorkers: 2,
    testTimeout: 60_000,
  },
});
