import type { LabelEcosystem } from './ecosystem.ts';

/** Programs that move a container themselves where its label says so: whoever else did would be undone. */
export const otherUpdaters: LabelEcosystem = {
  name: 'another updater',
  read: (key, value) => {
    // podman-auto-update(1).
    if (key === 'io.containers.autoupdate') {
      if (value === 'disabled') return { says: 'ignore' };
      return value === '' ? { says: 'nothing' } : { says: 'watch' };
    }
    return key === 'com.getarcaneapp.arcane.updater' ? { says: 'watch' } : undefined;
  },
};
