// Plain JavaScript that runs on any Node: the TypeScript sources cannot say themselves why an old Node fails on them.
const version = process.versions.node;
if (Number(version.split('.')[0]) < 24) {
  process.stderr.write(
    `plimsoll needs Node.js 24 or newer, this is ${version} (${process.execPath}); run "npm ci", which brings one along\n`,
  );
  process.exitCode = 2;
}
