// What `npm run oracle` runs: recorded answers of real tools (gcc -m32, GNU as, csmith) are derived again and compared.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/oracle/**/*.test.ts'],
    environment: 'node',
    testTimeout: 300_000,
    allowOnly: false,
  },
});
