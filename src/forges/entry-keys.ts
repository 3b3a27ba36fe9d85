import * as z from 'zod';

/** A list of names, as the configuration has them. */
export const names = z.array(z.string().min(1).max(200)).max(50);

/** The branches of an entry, for all forges alike. */
export const branchNames = names
  .optional()
  .describe('branches to check and to propose against; the default branch unless given');
