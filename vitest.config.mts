// What `npm test` runs: everything that needs Node only.
// Oracles (gcc, binutils, csmith) and end-to-end journeys (a browser) have their own configurations.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/{unit,content,golden,property,dap,layers}/**/*.test.{ts,tsx}'],
    environment: 'node',
    testTimeout: 20_000,
    allowOnly: false,
  },
});
