import process from 'node:process';

// No static import of our own: an old Node must get as far as the sentence below.
// As in cli.ts: names that no server answers for must not hold up the others.
process.env['UV_THREADPOOL_SIZE'] ??= '128';

const node = process.versions.node;
if (Number(node.split('.')[0]) < 24) {
  process.stdout.write(`::error::plimsoll needs Node.js 24 or newer, this is ${node}; a newer runner brings it\n`);
  process.exitCode = 2;
} else {
  const [{ runStep }, { end }] = await Promise.all([import('./action/step.ts'), import('./end.ts')]);
  await runStep(process);
  await end();
}
