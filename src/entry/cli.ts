#!/usr/bin/env node
// No static import of our own: an old Node must get as far as the sentence below, and --version must not wait for anything.
declare const PLIMSOLL_VERSION: string | undefined;

// Before anything is read: Node.js looks up names in half of so many threads, and a name server that is silent holds each
// for ten seconds and more, while names that it knows, or that stand in /etc/hosts, would wait behind. Source: docs.libuv.org,
// "Thread pool work scheduling"; deps/uv/src/threadpool.c, slow_work_thread_threshold.
process.env['UV_THREADPOOL_SIZE'] ??= '128';

const node = process.versions.node;
if (Number(node.split('.')[0]) < 24) {
  process.stderr.write(
    `plimsoll needs Node.js 24 or newer, this is ${node} (${process.execPath}); "npm install --global node@24" brings one\n`,
  );
  process.exitCode = 2;
} else if (process.argv[2] === '--version' && typeof PLIMSOLL_VERSION === 'string') {
  process.stdout.write(`${PLIMSOLL_VERSION}\n`);
} else {
  const [{ main }, { end }] = await Promise.all([import('./program.ts'), import('./end.ts')]);
  await main(process.argv);
  await end();
}
