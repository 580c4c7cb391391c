// What `npm run test:e2e` runs: journeys through real VS Code in a real browser, one after the other.
// The global set-up builds and packages the extension, and finds a browser and VS Code's server (test/e2e/README.md).
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/e2e/**/*.e2e.ts'],
    globalSetup: ['test/e2e/harness/globalSetup.ts'],
    environment: 'node',
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    allowOnly: false,
  },
});
