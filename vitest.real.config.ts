import { defineConfig } from "vitest/config";

/** Tests against real parts of the system: registries, container tools, VS Code. `test/setup` installs what they need. */
export default defineConfig({
  test: {
    globalSetup: ["test/temporaryRoot.ts", "test/real/clusterEnd.ts"],
    include: ["test/real/**/*.test.ts"],
    fileParallelism: false,
    testTimeout: 120_000,
    hookTimeout: 300_000,
  },
});
