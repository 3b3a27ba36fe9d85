#!/usr/bin/env node
// No static import of our own: an old Node must get as far as the sentence below, and --version must not wait for anything.
declare const PLIMSOLL_VERSION: string | undefined;

const node = process.versions.node;
if (Number(node.split('.')[0]) < 24) {
  process.stderr.write(`plimsoll needs Node.js 24 or newer, this is ${node} (${process.execPath})\n`);
  process.exitCode = 2;
} else if (process.argv[2] === '--version' && typeof PLIMSOLL_VERSION === 'string') {
  process.stdout.write(`${PLIMSOLL_VERSION}\n`);
} else {
  const { main } = await import('./program.ts');
  await main(process.argv);
}
