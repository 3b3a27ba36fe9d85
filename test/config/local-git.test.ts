import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/load.ts';

const repositories = (text: string) =>
  parseConfig(`version: 1\nrepositories: ${text}\n`, 'plimsoll.yml', 'operator', {});

describe('git repositories in folders', () => {
  it('are named by their whole path, beside folders and GitHub', () => {
    const config = repositories(
      '[{ git: ../app.git, branches: [main] }, { git: /srv/b }, { path: a }, { github: o/a }]',
    );
    expect(config.forges).toMatchObject([
      { type: 'github', selections: [{ pattern: 'o/a' }] },
      {
        type: 'local',
        selections: [
          { pattern: path.resolve('../app.git'), branches: ['main'] },
          { pattern: '/srv/b', branches: [] },
        ],
      },
    ]);
    expect(config.repositories).toEqual(['a']);
  });

  it.each(['[{ git: "" }]', '[{ git: a, topics: [b] }]', '[{ git: a, github: o/a }]'])('complain about %s', (text) => {
    expect(() => repositories(text)).toThrow('repositories');
  });
});
