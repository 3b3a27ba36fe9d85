import { booleanWord, type LabelEcosystem } from './ecosystem.ts';

const prefix = 'com.centurylinklabs.watchtower';

/** containrrr/watchtower and its forks. Its hooks run commands in containers: they are not run here. */
export const watchtowerLabels: LabelEcosystem = {
  name: 'watchtower',
  read: (key, value) => {
    if (key !== prefix && !key.startsWith(`${prefix}.`)) return undefined;
    const nothing = { says: 'nothing' } as const;
    switch (key.slice(prefix.length + 1)) {
      case 'enable':
        return booleanWord(value, { says: 'redeploy' }, { says: 'watch' });
      case 'monitor-only':
      case 'no-pull':
        return booleanWord(value, { says: 'watch' }, nothing);
      // On its own container.
      case '':
        return nothing;
      default:
        return { says: 'unread' };
    }
  },
};
