import { readFileSync } from 'node:fs';
import { describe, expect, inject, it } from 'vitest';
import { dpkgChanges } from './support/dpkg-query.ts';
import { workplace } from './support/plimsoll.ts';
import { debianImage, publish } from './support/publish.ts';
import { requestsOf } from './support/registry-server.ts';

const { folder, older, newer, http, tls } = inject('lab');

/** What an author might have written: tabs, trailing spaces, CRLF, a look-alike in a comment, no final newline. */
const dockerfile = (reference: string): string =>
  [
    '# syntax is not named here; FROM in a comment is no use',
    `from   ${reference}\tAS  base  `,
    'RUN echo "FROM debian" \\\r',
    '  && true\r',
    'FROM base',
    `COPY --from=${reference} /etc/os-release /`,
  ].join('\n');

describe.each([
  { protocol: 'HTTP', registry: http },
  { protocol: 'TLS', registry: tls },
])('a pinned Debian whose tag moved, over $protocol', ({ protocol, registry }) => {
  const image = `${registry.host}/moved/debian`;
  const before = publish(debianImage(older), `${image}:12`, folder);
  const after = publish(debianImage(newer), `${image}:12`, folder);
  const text = dockerfile(`${image}:12@${before}`);
  const expected = dpkgChanges(older, newer);

  it('is a security fix by the security suite, with exactly the changes that dpkg shows', () => {
    const { record, code, seconds } = workplace(folder, text).check();
    expect(expected.length).toBeGreaterThan(0);
    expect(code).toBe(0);
    expect(record.summary).toMatchObject({ uses: 2, images: 1, findings: { security: 2 }, needsRebuild: true });
    for (const finding of record.findings) {
      expect(finding).toMatchObject({ class: 'security', current: { digest: before }, latest: { digest: after } });
      const rows = finding.packages?.map((row) => ({
        name: row.name,
        kind: row.kind,
        before: row.before,
        after: row.after,
      }));
      expect(rows?.toSorted((a, b) => (a.name < b.name ? -1 : 1))).toEqual(expected);
    }
    const { requests, bytes } = record.cost;
    console.log(
      `${protocol}: ${expected.length} packages changed; cold check ${seconds.toFixed(2)} s, ${requests} requests, ${bytes} bytes`,
    );
  });

  it('is updated to the new digest, and nothing else is touched', () => {
    const place = workplace(folder, text);
    const update = place.run('update');
    expect(update).toMatchObject({ code: 0 });
    expect(readFileSync(place.dockerfile)).toEqual(Buffer.from(text.replaceAll(before, after)));
    const { record, code } = place.check();
    expect(code).toBe(0);
    expect(record).toMatchObject({ findings: [], problems: [], summary: { uses: 2, needsRebuild: false } });
  });

  it('shows a diff and writes nothing when dry', () => {
    const place = workplace(folder, text);
    const { stdout, code } = place.run('update', '--dry-run');
    expect(code).toBe(0);
    expect(stdout).toContain(`+COPY --from=${image}:12@${after} /etc/os-release /`);
    expect(readFileSync(place.dockerfile, 'utf8')).toBe(text);
  });

  it('costs two HEADs on an unchanged day, which is what the registry logs', () => {
    const place = workplace(folder, text);
    const start = requestsOf(registry).length;
    const cold = place.check();
    const middle = requestsOf(registry).length;
    const warm = place.check();
    const requests = requestsOf(registry).slice(middle);
    expect(requests.toSorted()).toEqual(
      ['12', before].map((target) => `HEAD /v2/moved/debian/manifests/${target} 200`).toSorted(),
    );
    expect(warm.record.cost).toMatchObject({ requests: requests.length, countedPulls: 0 });
    expect(cold.record.cost.registry.requests).toBe(middle - start);
    expect(warm.record.findings).toEqual(cold.record.findings);
    console.log(
      `${protocol}: cold ${cold.seconds.toFixed(2)} s and ${middle - start} requests, warm ${warm.seconds.toFixed(2)} s and ${requests.length} requests`,
    );
  });

  it('costs one HEAD when the pin is what the tag names', () => {
    const place = workplace(folder, text.replaceAll(before, after));
    // What an index is, and what not, has to be learnt once.
    place.check();
    const start = requestsOf(registry).length;
    const { record } = place.check();
    expect(requestsOf(registry).slice(start)).toEqual(['HEAD /v2/moved/debian/manifests/12 200']);
    expect(record.cost).toMatchObject({ requests: 1, countedPulls: 0 });
  });
});
