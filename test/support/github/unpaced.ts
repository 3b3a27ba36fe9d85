/* Preloaded by `unpaced` of ../node.ts: requests stay one after the other, and wait for nothing else. */
import { createRequire } from 'node:module';

interface Group {
  limiterOptions: Record<string, unknown>;
  key(id?: string): unknown;
}

const throttling = import.meta.resolve('@octokit/plugin-throttling');
const { Group } = createRequire(throttling)('bottleneck/light.js') as { Group: { prototype: Group } };
const { key } = Group.prototype;
Group.prototype.key = function (id) {
  this.limiterOptions['minTime'] = 0;
  return key.call(this, id);
};
