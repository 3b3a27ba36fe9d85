import { booleanWord, type LabelEcosystem } from './ecosystem.ts';

/** crazymax/diun, which only tells. */
export const diunLabels: LabelEcosystem = {
  name: 'diun',
  read: (key, value) => {
    if (key === 'diun.enable') return booleanWord(value, { says: 'nothing' }, { says: 'ignore' });
    return key.startsWith('diun.') ? { says: 'unread' } : undefined;
  },
};
