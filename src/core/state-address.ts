/** Is the state in PostgreSQL, and this its address? */
export function isAddress(state: string): boolean {
  return /^postgres(?:ql)?:\/\//i.test(state);
}

/** Where the state is, for people: an address without its login and what follows `?`. */
export function shownState(state: string): string {
  return isAddress(state) ? state.replace(/^(\w+:\/\/)(?:[^/]*@)?([^?#]*).*$/s, '$1$2') : state;
}
