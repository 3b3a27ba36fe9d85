type Environment = Readonly<Record<string, string | undefined>>;

/** As long as a secret that nobody could guess has to be. */
const notSet = 'not set, and not needed to read this';

/** Every variable is there: for reading a configuration whose secrets are not used. */
export function placeholders(env: Environment): Environment {
  return new Proxy(env, { get: (known, name) => (typeof name === 'string' ? known[name] || notSet : undefined) });
}
