import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nextLink } from '../../../src/oci/registry/link.ts';
import { cpuTime } from '../../support/cpu-time.ts';
import { type FakeRegistry, startFakeRegistry } from '../../support/fake-registry.ts';
import { testClient } from '../../support/registry-client.ts';

describe('nextLink', () => {
  it.each([
    ['</v2/a/tags/list?last=b&n=2>; rel="next"', '/v2/a/tags/list?last=b&n=2'],
    ['<https://x/v2/a/tags/list?n=2>; rel=next', 'https://x/v2/a/tags/list?n=2'],
    ['<a>;rel="prev", <b>; title="x, y"; REL="Next"', 'b'],
    ['<a>; rel="first next"', 'a'],
    ['</p?q=,;>;rel=next', '/p?q=,;'],
    ['<a>; rel=prev', undefined],
    ['<a>', undefined],
    ['a; rel=next', undefined],
    ['', undefined],
  ])('%s: %s', (header, expected) => {
    expect(nextLink([header])).toBe(expected);
  });

  it('looks at every header', () => {
    expect(nextLink(['<a>; rel=prev', '<b>; rel=next'])).toBe('b');
  });

  it('takes no longer for hostile ones', async () => {
    for (const header of ['<'.repeat(60_000), `<a>${' ;x'.repeat(20_000)}`, `<a>; rel=${' '.repeat(60_000)}`]) {
      expect(await cpuTime(() => expect(nextLink([header])).toBeUndefined())).toBeLessThan(500);
    }
  });
});

describe('listTags', () => {
  let registry: FakeRegistry;
  let asked: string[];
  beforeEach(async () => {
    registry = await startFakeRegistry();
    asked = [];
  });
  afterEach(() => registry.close());

  interface Page {
    tags: unknown;
    link?: string;
    status?: number;
  }
  const serve = (page: (query: URLSearchParams) => Page): void => {
    registry.intercept = (request, response) => {
      const url = new URL(request.url ?? '', 'http://x');
      asked.push(url.search);
      const { tags, link, status = 200 } = page(url.searchParams);
      if (link !== undefined) response.setHeader('link', link);
      response.writeHead(status).end(JSON.stringify({ name: 'team/app', tags }));
      return true;
    };
  };
  const list = (limits?: { tags: number; pages: number; page: number }) =>
    testClient().client.listTags({ registry: registry.host, repository: 'team/app' }, limits);
  it.each([[{}], [{ errors: [] }], [[]], [null], ['x'], [{ name: 'a', tags: 'x' }], [{ tags: { a: 1 } }]])(
    '%j is no list of tags',
    async (answer) => {
      registry.intercept = (_, response) => {
        response.end(JSON.stringify(answer));
        return true;
      };
      await expect(list()).rejects.toThrow('something that is no list of tags');
    },
  );

  it('asks once for the list of a repository, whether it comes or not', async () => {
    const { client } = testClient();
    const of = (repository: string) => client.listTags({ registry: registry.host, repository });
    serve(() => ({ tags: [] }));
    await Promise.all([of('a'), of('a')]);
    await of('a');
    expect(asked).toHaveLength(1);
    serve(() => ({ tags: [], status: 404 }));
    for (let left = 2; left > 0; left--) await expect(of('b')).rejects.toThrow('404');
    expect(asked).toHaveLength(2);
  });

  const pages = ['a', 'b', 'c'];
  const linking = (link: (last: string) => string) => (query: URLSearchParams) => {
    const last = query.get('last') ?? query.get('next_page') ?? '';
    const tag = pages[pages.indexOf(last) + 1] ?? '';
    return { tags: [tag], ...(tag !== 'c' && { link: link(tag) }) };
  };

  it.each<[string, (last: string) => string]>([
    ['distribution', (last) => `</v2/team/app/tags/list?last=${last}&n=1000>; rel="next"`],
    ['absolute', (last) => `<http://${registry.host}/v2/team/app/tags/list?n=1000&last=${last}>; rel="next"`],
    ['behind a proxy that ends TLS', (last) => `<https://127.0.0.1/v2/team/app/tags/list?last=${last}>; rel="next"`],
    ['without n', (last) => `</v2/team/app/tags/list?last=${last}>;rel=next`],
    ['with a path of its own', (last) => `</artifactory/api/docker/team/app/tags/list?last=${last}>; rel="next"`],
    ['relative to the page', (last) => `<list?last=${last}>; rel="next"`],
    ['Quay', (last) => `</v2/team/app/tags/list?next_page=${last}>; rel="next"`],
    ['only a query', (last) => `<?last=${last}>; rel="next"`],
  ])('follows pages: %s', async (_name, link) => {
    serve(linking(link));
    expect(await list()).toEqual({ tags: ['a', 'b', 'c'], complete: true });
    expect(asked).toHaveLength(3);
    expect(asked[0]).toBe('?n=1000');
  });

  it('takes no tags for none, whatever that looks like', async () => {
    for (const tags of [null, [], undefined]) {
      serve(() => ({ tags }));
      expect(await list()).toEqual({ tags: [], complete: true });
    }
  });

  it('takes only tags for tags, each once', async () => {
    serve(() => ({ tags: ['a', 'a', '', '-x', 'x y', 5, null, 'b'.repeat(129), 'v1.0_x-1'] }));
    expect(await list()).toEqual({ tags: ['a', 'v1.0_x-1'], complete: true });
  });

  it.each<[string, string, string]>([
    [
      'another host',
      '<http://evil.example/v2/x?last=a>; rel="next"',
      'another host, evil.example, which was not followed',
    ],
    ['another address', '<//127.0.0.9/v2/x?last=a>; rel="next"', 'another host, 127.0.0.9'],
    ['nowhere', '</v2/team/app/tags/list>; rel="next"', 'to nowhere'],
    ['itself', '<?n=1000>; rel="next"', 'a page to an earlier one'],
  ])('does not follow a page link to %s, and is then incomplete', async (_name, link, why) => {
    serve(() => ({ tags: ['a'], link }));
    expect(await list()).toMatchObject({
      tags: ['a'],
      complete: false,
      problem: { code: 'registry-tags-incomplete', message: expect.stringContaining(why) },
    });
    expect(asked).toHaveLength(1);
  });

  it('is incomplete when a page fails on the way', async () => {
    serve((query) => (query.has('last') ? { tags: null, status: 404 } : { tags: ['a'], link: '<?last=a>; rel=next' }));
    expect(await list()).toMatchObject({ tags: ['a'], complete: false });
  });

  it('fails when not even the first page is there', async () => {
    serve(() => ({ tags: null, status: 405 }));
    await expect(list()).rejects.toMatchObject({ code: 'REGISTRY', problem: 'registry-unexpected' });
    registry.intercept = (_, response) => {
      response.end('<html>');
      return true;
    };
    await expect(list()).rejects.toThrow('something that is not JSON');
  });

  it('is bounded: a million tags are incomplete, in one page or in a thousand', async () => {
    const million = Array.from({ length: 1_000_000 }, (_, n) => `t${n}`);
    serve(() => ({ tags: million }));
    const ofOne = await cpuTime(async () => {
      expect(await list()).toMatchObject({ tags: { length: 200_000 }, complete: false });
    });
    serve((query) => {
      const from = Number(query.get('last') ?? 0);
      return { tags: million.slice(from, from + 1000), link: `<?last=${from + 1000}>; rel="next"` };
    });
    const ofMany = await cpuTime(async () => {
      const many = await list();
      expect([many.tags.length, many.complete]).toEqual([200_000, false]);
      expect(many.problem?.message).toContain('there are more than 200000');
    });
    expect(ofOne + ofMany).toBeLessThan(10_000);
  });

  it('is bounded in pages and in bytes', async () => {
    serve((query) => ({ tags: ['a'], link: `<?last=${Number(query.get('last') ?? 0) + 1}>; rel="next"` }));
    expect(await list({ tags: 10, pages: 3, page: 1000 })).toMatchObject({ tags: ['a'], complete: false });
    expect(asked).toHaveLength(3);
    serve(() => ({ tags: ['a'.repeat(100), 'b'] }));
    await expect(list({ tags: 10, pages: 3, page: 50 })).rejects.toThrow('more than 50 bytes');
  });
});
