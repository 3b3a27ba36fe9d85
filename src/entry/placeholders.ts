type Environment = Readonly<Record<string, string | undefined>>;

/** What a variable is that is not there. As long as a secret that nobody could guess has to be. */
export const notSet = 'not set, and not needed to read this';

/** Every variable is there: for reading a configuration whose secrets are not used. */
export function placeholders(env: Environment): Environment {
  return new Proxy(env, { get: (known, name) => (typeof name === 'string' ? known[name] || notSet : undefined) });
}
