/**
 * The target of the next page in `Link` headers (RFC 8288), as it is written; undefined when there is none. The
 * relation may be bare or quoted, among others and in any case.
 */
export function nextLink(headers: readonly string[]): string | undefined {
  for (const header of headers) {
    for (const { groups } of header.matchAll(
      /<(?<target>[^<>]*)>(?<params>(?:\s*;\s*[\w*]+(?:\s*=\s*(?:"[^"]*"|[^\s",;]*))?)*)/g,
    )) {
      const rel = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s",;]*))/i.exec(groups?.['params'] ?? '');
      const relations = (rel?.[1] ?? rel?.[2] ?? '').toLowerCase().split(/\s+/);
      if (relations.includes('next')) return groups?.['target'];
    }
  }
  return undefined;
}
