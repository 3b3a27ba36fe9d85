/** Where a `Location` leads; undefined when that is no http(s) address. */
export function parseLocation(location: string, base: URL): URL | undefined {
  if (!URL.canParse(location, base.href)) return undefined;
  const url = new URL(location, base);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined;
  // A signed address may follow; user information never: it would be sent as credentials.
  url.username = '';
  url.password = '';
  return url;
}

/** What may be said to another origin. */
export function withoutCredentials(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !/^(authorization|cookie)$/i.test(name)));
}
