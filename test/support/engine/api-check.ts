import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';

interface Node {
  readonly [key: string]: Node;
}

/** What is wrong with requests and answers of one version of Docker's API, against its description. */
export interface ApiCheck {
  /** The template of a path (`/containers/{id}/json`); undefined: there is none. */
  template(path: string): string | undefined;
  queryFaults(template: string, query: URLSearchParams): string[];
  answerFaults(template: string, status: number, body: unknown): string[];
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
  const templates = Object.keys(document['paths'] ?? {});
  const expressions = templates.map((one) => new RegExp(`^${one.replace(/\{\w+\}/g, '[^/]+')}$`));
  const compiled = new Map<string, ValidateFunction>();
  return {
    template: (asked) => templates[expressions.findIndex((one) => one.test(asked))],
    queryFaults: (template, query) => {
      const parameters = document['paths']?.[template]?.['get']?.['parameters'] as unknown as
        | readonly { readonly name: string }[]
        | undefined;
      const names = (parameters ?? []).map(({ name }) => name);
      return [...query.keys()].filter((key) => !names.includes(key)).map((key) => `${template}: no parameter ${key}`);
    },
    answerFaults: (template, status, body) => {
      const responses = document['paths']?.[template]?.['get']?.['responses'];
      if (responses?.[String(status)] === undefined) return [`${template}: no answer ${status} is described`];
      if (responses[String(status)]?.['schema'] === undefined) return [];
      const pointer = ['paths', template, 'get', 'responses', String(status), 'schema'];
      const reference = `docker#/${pointer.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`;
      const check = compiled.get(reference) ?? ajv.compile({ $ref: reference });
      compiled.set(reference, check);
      if (check(body)) return [];
      return (check.errors ?? [])
        .slice(0, 5)
        .map(
          ({ instancePath, message, params }) => `${template}: ${instancePath} ${message} ${JSON.stringify(params)}`,
        );
    },
  };
}

/** A field that the description does not have is a fault, but where several descriptions are joined. */
function closed(value: unknown, isJoined = false): unknown {
  if (Array.isArray(value)) return value.map((one) => closed(one, isJoined));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inside]) => [key, closed(inside, key === 'allOf')] as const);
  const isObject = !isJoined && 'properties' in value && !('additionalProperties' in value) && 'type' in value;
  return { ...Object.fromEntries(entries), ...(isObject && { additionalProperties: false }) };
}
