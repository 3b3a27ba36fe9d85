import process from 'node:process';

// No static import of our own: an old Node must get as far as the sentence below.
const node = process.versions.node;
if (Number(node.split('.')[0]) < 24) {
  process.stdout.write(`::error::plimsoll needs Node.js 24 or newer, this is ${node}\n`);
  process.exitCode = 2;
} else {
  const { runStep } = await import('./action/step.ts');
  await runStep(process);
}
