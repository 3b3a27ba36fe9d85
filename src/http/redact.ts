/**
 * A URL fit for messages and logs: no user information, and query values hidden, because signed storage addresses and
 * token requests carry secrets there. Control characters cannot occur in a parsed URL.
 */
export function redactUrl(url: URL): string {
  const query = [...url.searchParams]
    .slice(0, 10)
    // A name without a value may be the secret itself.
    .map(([key, value]) => (value === '' || key.length > 40 ? '***' : `${encodeURIComponent(key)}=***`))
    .join('&');
  return `${url.protocol}//${url.host}${url.pathname.slice(0, 300)}${query === '' ? '' : `?${query}`}`;
}
