import { expect, it } from 'vitest';
import { workflowStarts } from '../../../src/formats/yaml/workflow-starts.ts';

const needs = (text: string): unknown => {
  const dispatch = workflowStarts(text)?.dispatch;
  return dispatch && Object.fromEntries([...dispatch].map(([name, { isNeeded }]) => [name, isNeeded]));
};

it.each<[string, string, unknown]>([
  ['a word', 'on: workflow_dispatch', {}],
  ['a list', 'on: [push, workflow_dispatch]', {}],
  ['a table', 'on: { push: {}, workflow_dispatch: }', {}],
  ['a quoted key', '"on": { workflow_dispatch: { inputs: { a: } } }', { a: false }],
  [
    'inputs',
    'on: { workflow_dispatch: { inputs: { a: { type: string }, b: { required: true } } } }',
    { a: false, b: true },
  ],
  ['a default', 'on: { workflow_dispatch: { inputs: { a: { required: true, default: x } } } }', { a: false }],
  ['something else', 'on: push', undefined],
  ['nothing', 'jobs: {}', undefined],
])('finds how a workflow is dispatched: %s', (_, text, expected) => {
  expect(needs(`${text}\n`)).toEqual(expected);
});

it.each<[string, readonly string[] | undefined]>([
  ['on: repository_dispatch', []],
  ['on: { repository_dispatch: { types: plimsoll-rebuild } }', ['plimsoll-rebuild']],
  ['on: { repository_dispatch: { types: [a, plimsoll-rebuild] } }', ['a', 'plimsoll-rebuild']],
  ['on: [push]', undefined],
])('finds which events begin it: %s', (text, events) => {
  expect(workflowStarts(text)?.events).toEqual(events);
});

it('says nothing of what cannot be read', () => {
  const aliases = Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(', ')}]`);
  for (const text of ['on: [', '', '- on', 'on: *none', `a0: &a0 [x]\n${aliases.join('\n')}\non: push`])
    expect(workflowStarts(text), text).toBeUndefined();
});
