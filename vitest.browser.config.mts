// What `npm run test:browser` runs: the panel's bundle alone in a real browser, against recorded view models.
// One file at a time: on a machine of two processors, browser and test are enough.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/browser/**/*.browser.ts'],
    globalSetup: ['test/browser/harness/globalSetup.ts'],
    environment: 'node',
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    allowOnly: false,
  },
});
