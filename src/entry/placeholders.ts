type Environment = Readonly<Record<string, string | undefined>>;

/** Every variable is there: for reading a configuration whose secrets are not used. */
export function placeholders(env: Environment): Environment {
  return new Proxy(env, { get: (known, name) => (typeof name === 'string' ? known[name] || 'not set' : undefined) });
}
