/** 0 done, 1 a --fail-on class was found or something was not delivered, 2 usage or configuration, 3 could not finish. */
export const exitCodes = { done: 0, found: 1, usage: 2, unfinished: 3 } as const;
