import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: `${import.meta.dirname}/..`,
    include: ['test/**/*.test.ts'],
    exclude: ['test/lab/**'],
    // Half of the tests wait for a process or for GitHub's pacing: they share the cores well.
    maxWorkers: '100%',
    testTimeout: 20_000,
    setupFiles: ['test/support/only-loopback.ts'],
  },
});
