import { booleanWord, type LabelEcosystem } from './ecosystem.ts';

/** getwud/wud (What's Up Docker), and its fork Drydock. */
export const wudLabels: LabelEcosystem = {
  name: 'wud',
  read: (key, value) => {
    if (key === 'wud.watch' || key === 'dd.watch') return booleanWord(value, { says: 'nothing' }, { says: 'ignore' });
    return key.startsWith('wud.') || key.startsWith('dd.') ? { says: 'unread' } : undefined;
  },
};
