/*
 * Cuts the description of an API down to the operations that are used, without prose, for what stands in for it in the tests.
 *
 * GitHub (MIT): npm pack @octokit/openapi@23.0.2, unpack it, then
 *   node scripts/reduce-openapi.ts github package/generated/api.github.com.json > test/support/github/openapi.json
 * Docker Engine (Apache-2.0): api/docs/v1.41.yaml of moby, and the same of other versions, then
 *   node scripts/reduce-openapi.ts docker v1.41.yaml > test/support/engine/v1.41.json
 * Gitea (MIT): templates/swagger/v1_json.tmpl of go-gitea/gitea, then
 *   node scripts/reduce-openapi.ts gitea v1_json.tmpl > test/support/gitea/swagger.json
 *
 * What is under test/support/ names version and licence.
 */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
interface Node {
  [key: string]: Json;
}

const apis: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  github: {
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
    '/repos/{owner}/{repo}/actions/workflows/{workflow_id}': ['get'],
    '/repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches': ['post'],
    '/repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs': ['get'],
    '/repos/{owner}/{repo}/actions/runs': ['get'],
    '/repos/{owner}/{repo}/dispatches': ['post'],
    '/repos/{owner}/{repo}/rules/branches/{branch}': ['get'],
  },
  gitea: {
    '/user': ['get'],
    '/version': ['get'],
    '/orgs/{org}/repos': ['get'],
    '/orgs/{org}/labels': ['get'],
    '/users/{username}/repos': ['get'],
    '/repos/{owner}/{repo}': ['get'],
    '/repos/{owner}/{repo}/actions/runs': ['get'],
    '/repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches': ['post'],
    '/repos/{owner}/{repo}/activities/feeds': ['get'],
    '/repos/{owner}/{repo}/branches': ['get', 'post'],
    '/repos/{owner}/{repo}/branches/{branch}': ['get'],
    '/repos/{owner}/{repo}/collaborators/{collaborator}/permission': ['get'],
    '/repos/{owner}/{repo}/compare/{basehead}': ['get'],
    '/repos/{owner}/{repo}/contents': ['post'],
    '/repos/{owner}/{repo}/contents/{filepath}': ['get'],
    '/repos/{owner}/{repo}/git/blobs/{sha}': ['get'],
    '/repos/{owner}/{repo}/git/commits/{sha}': ['get'],
    '/repos/{owner}/{repo}/git/trees/{sha}': ['get'],
    '/repos/{owner}/{repo}/issues': ['get', 'post'],
    '/repos/{owner}/{repo}/issues/{index}': ['patch'],
    '/repos/{owner}/{repo}/issues/{index}/comments': ['get', 'post'],
    '/repos/{owner}/{repo}/issues/{index}/labels': ['get', 'post'],
    '/repos/{owner}/{repo}/issues/{index}/labels/{id}': ['delete'],
    '/repos/{owner}/{repo}/issues/{index}/timeline': ['get'],
    '/repos/{owner}/{repo}/labels': ['get', 'post'],
    '/repos/{owner}/{repo}/pulls': ['get', 'post'],
    '/repos/{owner}/{repo}/pulls/{index}': ['get', 'patch'],
    '/repos/{owner}/{repo}/pulls/{index}/merge': ['post', 'delete'],
    '/repos/{owner}/{repo}/pulls/{index}/requested_reviewers': ['post'],
  },
  docker: {
    '/_ping': ['get'],
    '/info': ['get'],
    '/containers/json': ['get'],
    '/containers/{id}/json': ['get'],
    '/containers/{id}/logs': ['get'],
    '/containers/create': ['post'],
    '/containers/{id}/update': ['post'],
    '/containers/{id}/stop': ['post'],
    '/containers/{id}/rename': ['post'],
    '/containers/{id}/start': ['post'],
    '/containers/{id}': ['delete'],
    '/images/json': ['get'],
    '/images/create': ['post'],
    '/images/{name}/json': ['get'],
    '/images/{name}/tag': ['post'],
    '/images/{name}': ['delete'],
    '/networks/{id}/connect': ['post'],
    '/services': ['get'],
    '/services/{id}': ['get'],
    '/services/{id}/update': ['post'],
    '/tasks': ['get'],
    '/nodes': ['get'],
  },
};

const [, , api = '', file = ''] = process.argv;
const used = apis[api] ?? {};

const prose = new Set(['description', 'summary', 'example', 'examples', 'externalDocs', 'tags', 'title', 'servers']);
const document = parse(readFileSync(file, 'utf8'), { maxAliasCount: -1 }) as Node;
const kept: Node = {
  ...(document['openapi'] !== undefined && { openapi: document['openapi'] }),
  ...(document['swagger'] !== undefined && { swagger: document['swagger'] }),
  info: { version: (document['info'] as Node)['version'] ?? '' },
  paths: {},
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
  // `#/components/schemas/NAME`, or `#/definitions/NAME`.
  const steps = reference.split('/').slice(1);
  const name = steps.pop() ?? '';
  let [from, to] = [document, kept];
  for (const step of steps) {
    to[step] ??= {};
    [from, to] = [from[step] as Node, to[step] as Node];
  }
  if (to[name] !== undefined) continue;
  to[name] = true;
  to[name] = reduced(from[name] as Json);
}
process.stdout.write(`${JSON.stringify(kept)}\n`);
