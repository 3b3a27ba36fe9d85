import { describe, expect, it } from 'vitest';
import { type Command, commandHelp, parseCommand } from '../../../src/targets/proposals/commands.ts';

describe('commands', () => {
  it.each<[string, Command]>([
    ['plimsoll: ignore this', { kind: 'ignore-this' }],
    ['PLIMSOLL:ignore  image', { kind: 'ignore-image' }],
    ['please\r\nplimsoll: rebase\r\nthanks', { kind: 'rebase' }],
    ['plimsoll: recheck ', { kind: 'recheck' }],
    ['Plimsoll: ignore this.', { kind: 'ignore-this' }],
    ['plimsoll: ignore until 2026-13-01', { kind: 'unknown' }],
    ['plimsoll: ignore until tomorrow', { kind: 'unknown' }],
    ['plimsoll: ignore until 2027-02-30', { kind: 'unknown' }],
    ['plimsoll: rebase please\nplimsoll: rebase', { kind: 'rebase' }],
    ['plimsoll: ignore until 2028-02-29', { kind: 'ignore-until', date: '2028-02-29' }],
  ])('reads %j', (text, command) => {
    expect(parseCommand(text)).toEqual(command);
  });

  it.each([
    'plimsoll: merge',
    'ignore this',
    '> plimsoll: ignore this',
    'say `plimsoll: rebase` to rebase',
    '```\nplimsoll: rebase\n```',
    '',
  ])('reads none in %j', (text) => {
    expect(parseCommand(text)).toBeUndefined();
  });

  it('lists only what it reads', () => {
    for (const [text] of commandHelp) expect(parseCommand(text)?.kind).not.toMatch('unknown');
  });
});
