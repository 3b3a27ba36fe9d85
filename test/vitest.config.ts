import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: `${import.meta.dirname}/..`,
    include: ['test/**/*.test.ts'],
    exclude: ['test/lab/**'],
    // Many tests wait for a process: they share the cores well.
    maxWorkers: '100%',
    // These end what hangs, and judge nothing: whatever ends, ends sooner, on a machine that is busy with other things, too.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
    setupFiles: ['test/support/only-loopback.ts'],
  },
});
