import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: `${import.meta.dirname}/..`,
    include: ['test/**/*.test.ts'],
    exclude: ['test/lab/**'],
    testTimeout: 20_000,
    setupFiles: ['test/support/only-loopback.ts'],
  },
});
