/*
 * Cuts GitHub's OpenAPI description down to the operations that are used, without prose, for the stand-in of the tests:
 *   npm pack @octokit/openapi@23.0.2, unpack it, then
 *   node scripts/reduce-openapi.ts package/generated/api.github.com.json > test/support/github/openapi.json
 * The package is MIT licensed; test/support/github/openapi.md names version and licence.
 */
import { readFileSync } from 'node:fs';

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
interface Node {
  [key: string]: Json;
}

const used: Readonly<Record<string, readonly string[]>> = {
  '/users/{username}/installation': ['get'],
  '/app/installations/{installation_id}/access_tokens': ['post'],
  '/repos/{owner}/{repo}/git/trees/{tree_sha}': ['get'],
  '/repos/{owner}/{repo}/git/blobs/{file_sha}': ['get'],
  '/repos/{owner}/{repo}/git/refs': ['post'],
  '/repos/{owner}/{repo}/git/trees': ['post'],
  '/repos/{owner}/{repo}/git/commits': ['post'],
  '/repos/{owner}/{repo}/issues': ['get', 'post'],
  '/repos/{owner}/{repo}/issues/{issue_number}': ['patch'],
  '/repos/{owner}/{repo}/issues/{issue_number}/comments': ['post'],
  '/repos/{owner}/{repo}/issues/{issue_number}/labels': ['post'],
  '/repos/{owner}/{repo}/issues/{issue_number}/labels/{name}': ['delete'],
  '/repos/{owner}/{repo}/pulls': ['post'],
  '/repos/{owner}/{repo}/pulls/{pull_number}': ['patch'],
  '/repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers': ['post'],
  '/repos/{owner}/{repo}/collaborators/{username}/permission': ['get'],
};

const prose = new Set(['description', 'summary', 'example', 'examples', 'externalDocs', 'tags', 'title', 'servers']);
const document = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as Node;
const kept: Node = {
  openapi: document['openapi'] ?? '',
  info: { version: (document['info'] as Node)['version'] ?? '' },
  paths: {},
  components: {},
};
const waiting: string[] = [];

/** Prose goes, unless it is the name of a property; references are noted. */
function reduced(value: Json, isNames = false): Json {
  if (Array.isArray(value)) return value.map((one) => reduced(one));
  if (typeof value !== 'object' || value === null) return value;
  const reference = value['$ref'];
  if (typeof reference === 'string') waiting.push(reference);
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => isNames || !(prose.has(key) || key.startsWith('x-')))
      .map(([key, inside]) => [key, reduced(inside, key === 'properties' && !isNames)]),
  );
}

for (const [path, methods] of Object.entries(used)) {
  const operations = ((document['paths'] as Node)[path] ?? {}) as Node;
  (kept['paths'] as Node)[path] = Object.fromEntries(
    methods.map((method) => {
      if (operations[method] === undefined) throw new Error(`no ${method} ${path}`);
      return [method, reduced(operations[method])];
    }),
  );
}
for (let reference = waiting.pop(); reference !== undefined; reference = waiting.pop()) {
  const [, , kind = '', name = ''] = reference.split('/');
  const components = kept['components'] as Node;
  const section = (components[kind] ?? {}) as Node;
  components[kind] = section;
  if (section[name] !== undefined) continue;
  section[name] = true;
  section[name] = reduced(((document['components'] as Node)[kind] as Node)[name] as Json);
}
process.stdout.write(`${JSON.stringify(kept)}\n`);
