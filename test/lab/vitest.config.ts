import { defineConfig } from 'vitest/config';

/** One file after the other: the tests measure, and share two cores with the servers they talk to. */
export default defineConfig({
  test: {
    root: `${import.meta.dirname}/../..`,
    include: ['test/lab/**/*.test.ts'],
    // No package has an API server of Kubernetes: its tests run where one was built, as their head says.
    exclude: process.env['PLIMSOLL_KUBE_APISERVER'] === undefined ? ['test/lab/kubernetes.test.ts'] : [],
    globalSetup: ['test/lab/setup.ts'],
    setupFiles: ['test/support/only-loopback.ts'],
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // A process with the memory of a thousand stories takes its time to go.
    teardownTimeout: 60_000,
  },
});
