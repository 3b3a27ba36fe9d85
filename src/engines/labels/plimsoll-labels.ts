import { parseGate } from '../../core/redeploy.ts';
import { parseWindow } from '../../core/time/window.ts';
import type { LabelEcosystem, LabelWord } from './ecosystem.ts';

const duration = /^\d{1,6}[smhdw]$/;

/** Labels that tune how a workload would be moved, and how their values are written. */
const tuning: Readonly<Record<string, readonly [form: { test(text: string): boolean }, expected: string]>> = {
  redeploy: [
    /^(?:security|packages|config|content)(?:,(?:security|packages|config|content))*$/,
    'classes among security, packages, config and content',
  ],
  window: [
    { test: (text) => parseWindow(text) !== undefined },
    'days, a time and a length, such as "Sat,Sun 03:00/3h"',
  ],
  'minimum-age': [duration, 'a time such as 24h or 3d'],
  gate: [{ test: (text) => parseGate(text) !== undefined }, 'health, none, or running=120s'],
  'gate.timeout': [duration, 'a time such as 5m'],
  'depends-on': [/^[A-Za-z0-9][\w./-]*(?:,[A-Za-z0-9][\w./-]*)*$/, 'names with commas between them'],
  rebalance: [/^(?:true|false)$/, 'true or false'],
  self: [/^(?:true|false)$/, 'true or false'],
};

/** Labels that a container has because of us. */
const written: ReadonlySet<string> = new Set([
  'name',
  'replaces',
  'restart',
  'from',
  'to',
  'keep',
  'gated',
  'with',
  'by',
]);

/** Our own: `plimsoll.mode` and what goes with it. */
export const plimsollLabels: LabelEcosystem = {
  name: 'plimsoll',
  read: (key, value) => {
    if (!key.startsWith('plimsoll.')) return undefined;
    const name = key.slice('plimsoll.'.length);
    return name === 'mode' ? modeWord(value) : written.has(name) ? { says: 'nothing' } : tuningWord(name, value);
  },
};

function modeWord(value: string): LabelWord {
  return value === 'ignore' || value === 'watch' || value === 'redeploy'
    ? { says: value }
    : { says: 'invalid', expected: 'ignore, watch or redeploy' };
}

function tuningWord(name: string, value: string): LabelWord {
  const known = Object.hasOwn(tuning, name) ? tuning[name] : undefined;
  if (known === undefined) return { says: 'invalid', expected: `one of mode, ${Object.keys(tuning).join(', ')}` };
  const [form, expected] = known;
  return form.test(value) ? { says: 'tuning' } : { says: 'invalid', expected };
}
