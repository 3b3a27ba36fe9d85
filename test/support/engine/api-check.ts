import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';

interface Node {
  readonly [key: string]: Node;
}

/** What is wrong with requests and answers of one version of Docker's API, against its description. */
export interface ApiCheck {
  /** The template of a path (`/containers/{id}/json`); undefined: there is none with this method. Default: GET. */
  template(path: string, method?: string): string | undefined;
  queryFaults(template: string, query: URLSearchParams, method?: string): string[];
  /** Of what a request carries. What is null was not sent, to the daemon. */
  bodyFaults(template: string, body: unknown, method?: string): string[];
  answerFaults(template: string, status: number, body: unknown, method?: string): string[];
}

const described = ['1.41', '1.44', '1.51'] as const;
const known = new Map<string, ApiCheck>();

/** That of the nearest version that is described and not older. */
export function apiCheck(version: string): ApiCheck {
  const minor = Number(version.split('.')[1]);
  const name = described.find((one) => Number(one.split('.')[1]) >= minor) ?? '1.51';
  const check = known.get(name) ?? newCheck(name);
  known.set(name, check);
  return check;
}

function newCheck(version: string): ApiCheck {
  const text = readFileSync(path.join(import.meta.dirname, `v${version}.json`), 'utf8');
  const joined = new Set([...text.matchAll(/"allOf": \[[^\]]*?"#\/definitions\/(\w+)"/g)].map(([, one = '']) => one));
  const parsed = JSON.parse(text) as { definitions: Readonly<Record<string, unknown>> };
  const definitions = Object.entries(parsed.definitions).map(([key, one]) => [
    key,
    joined.has(key) ? one : closed(one),
  ]);
  const document = { ...(closed(parsed) as object), definitions: Object.fromEntries(definitions) } as unknown as Node;
  const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
  (formats as unknown as (ajv: Ajv) => void)(ajv);
  // A number without a sign, which only swagger knows.
  ajv.addFormat('uint16', true);
  ajv.addFormat('uint64', true);
  ajv.addFormat('dateTime', true);
  ajv.addSchema(document, 'docker');
  const paths = document['paths'] ?? {};
  // What stands there word for word comes before what stands for many; only names of images have slashes.
  const templates = Object.keys(paths).sort((a, b) => a.split('{').length - b.split('{').length);
  const expressions = templates.map((one) => {
    const pattern = one.replace(/\{\w+\}/g, one.startsWith('/images/') ? '.+' : '[^/]+');
    return [one, new RegExp(`^${pattern}$`)] as const;
  });
  const compiled = new Map<string, ValidateFunction>();
  const faultsBy = (pointer: readonly string[], what: string, value: unknown): string[] => {
    const reference = `docker#/${pointer.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`;
    const check = compiled.get(reference) ?? ajv.compile({ $ref: reference });
    compiled.set(reference, check);
    if (check(withoutNull(value))) return [];
    return (check.errors ?? [])
      .slice(0, 5)
      .map(({ instancePath, message, params }) => `${what}: ${instancePath} ${message} ${JSON.stringify(params)}`);
  };
  const parametersOf = (template: string, method: string): readonly { readonly name: string; readonly in: string }[] =>
    (paths[template]?.[method]?.['parameters'] ?? []) as unknown as { name: string; in: string }[];
  return {
    template: (asked, method = 'get') =>
      expressions.find(([one, form]) => paths[one]?.[method] !== undefined && form.test(asked))?.[0],
    queryFaults: (template, query, method = 'get') => {
      const names = parametersOf(template, method).flatMap(({ name, in: place }) => (place === 'query' ? [name] : []));
      return [...query.keys()].filter((key) => !names.includes(key)).map((key) => `${template}: no parameter ${key}`);
    },
    bodyFaults: (template, body, method = 'get') => {
      const at = parametersOf(template, method).findIndex((one) => one.in === 'body');
      if (at < 0 || template === '/images/create') return body === undefined ? [] : [`${template}: takes no body`];
      return faultsBy(['paths', template, method, 'parameters', String(at), 'schema'], template, body);
    },
    answerFaults: (template, status, body, method = 'get') => {
      const responses = paths[template]?.[method]?.['responses'];
      if (responses?.[String(status)] === undefined) return [`${template}: no answer ${status} is described`];
      if (responses[String(status)]?.['schema'] === undefined) return [];
      return faultsBy(['paths', template, method, 'responses', String(status), 'schema'], template, body);
    },
  };
}

function withoutNull(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNull);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, inside]) => inside !== null && inside !== undefined);
  return Object.fromEntries(kept.map(([key, inside]) => [key, withoutNull(inside)]));
}

/** A field that the description does not have is a fault, but where several descriptions are joined. */
function closed(value: unknown, isJoined = false): unknown {
  if (Array.isArray(value)) return value.map((one) => closed(one, isJoined));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inside]) => [key, closed(inside, key === 'allOf')] as const);
  const isObject = !isJoined && 'properties' in value && !('additionalProperties' in value) && 'type' in value;
  return { ...Object.fromEntries(entries), ...(isObject && { additionalProperties: false }) };
}
