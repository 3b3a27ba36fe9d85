import { candidates } from './candidates.ts';
import { checking } from './checking.ts';
import { crowd } from './crowd.ts';
import { engines } from './engines.ts';
import { files } from './files.ts';
import { fleet } from './fleet.ts';
import { inspecting } from './inspecting.ts';
import { serving } from './serving.ts';
import { starting } from './starting.ts';
import { workers } from './workers.ts';

/*
 * npm run bench [candidates|checking|crowd|engines|files|fleet|inspecting|serve|start|workers]
 * Every figure is a ratio to a reference made of the same parts and measured in the same run, alternating with it,
 * medians of 7; but for `crowd` and `workers`, which are seconds and megabytes. The bars are in the README.
 */

const all = {
  candidates,
  checking,
  crowd,
  engines,
  files,
  fleet,
  inspecting,
  serve: serving,
  start: starting,
  workers,
};
const chosen = process.argv.slice(2);
for (const [name, measure] of Object.entries(all)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  for (const line of await measure()) process.stdout.write(`${name.padEnd(11)} ${line}\n`);
}
