// What `npm test` runs: everything that needs Node only.
// Oracles (gcc, binutils, csmith) and end-to-end journeys (a browser) have their own configurations.
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/{unit,content,golden,property,dap,layers}/**/*.test.{ts,tsx}'],
    environment: 'node',
    testTimeout: 20_000,
    // By itself vitest leaves one processor alone, which on a machine of two is half of it.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    allowOnly: false,
  },
});
