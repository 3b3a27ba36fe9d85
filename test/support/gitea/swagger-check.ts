import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';

interface Node {
  readonly [key: string]: Node;
}

const document = strict(JSON.parse(readFileSync(path.join(import.meta.dirname, 'swagger.json'), 'utf8'))) as Node;
const ajv = new Ajv({ strict: false, allErrors: true, logger: false });
(formats as unknown as (ajv: Ajv) => void)(ajv);
for (const name of ['int64', 'int32', 'uint64']) ajv.addFormat(name, true);
ajv.addSchema(document, 'gitea');

/**
 * What is not described is not there, so that a misspelt key is a fault; and what refers to an object may be null, as the
 * description is made from pointers and Swagger 2 has no word for that.
 */
function strict(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strict);
  if (typeof value !== 'object' || value === null) return value;
  const all = Object.fromEntries(Object.entries(value).map(([key, inside]) => [key, strict(inside)]));
  const { properties, additionalProperties } = all as {
    properties?: Record<string, Node>;
    additionalProperties?: unknown;
  };
  if (typeof properties !== 'object' || additionalProperties !== undefined) return all;
  const own = Object.entries(properties).map(([key, one]) => {
    const isOpen = one['$ref'] !== undefined || (one['type'] as unknown) === 'array';
    return [key, isOpen ? { anyOf: [{ type: 'null' }, one] } : one];
  });
  return { ...all, properties: Object.fromEntries(own), additionalProperties: false };
}

const compiled = new Map<string, ValidateFunction | undefined>();

function validator(parts: readonly string[]): ValidateFunction | undefined {
  const key = parts.join(' ');
  if (!compiled.has(key)) {
    const node = parts.reduce<Node | undefined>((at, part) => at?.[part], document);
    const pointer = parts.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')));
    compiled.set(key, node === undefined ? undefined : ajv.compile({ $ref: `gitea#/${pointer.join('/')}` }));
  }
  return compiled.get(key);
}

interface Parameter {
  readonly name: string;
  readonly in: string;
}

/** What Gitea's description has against a request, or against an answer to it. */
export function swaggerFaults(
  template: string,
  method: string,
  sent: { readonly query: URLSearchParams; readonly body: unknown },
  given: { readonly status: number; readonly body?: unknown },
): readonly string[] {
  const operation = document['paths']?.[template]?.[method];
  const what = `${method} ${template}`;
  if (operation === undefined) return [`${what} is not described`];
  const parameters = (operation['parameters'] ?? []) as unknown as readonly Parameter[];
  const known = new Set(parameters.filter((one) => one.in === 'query').map(({ name }) => name));
  const faults = [...sent.query.keys()].flatMap((name) => (known.has(name) ? [] : [`${what}: no parameter ${name}`]));
  const at = parameters.findIndex((one) => one.in === 'body');
  if (at >= 0) faults.push(...found(['paths', template, method, 'parameters', String(at), 'schema'], sent.body, what));
  else if (Object.keys((sent.body ?? {}) as object).length > 0) faults.push(`${what} takes no body`);
  const response = operation['responses']?.[String(given.status)];
  if (response === undefined)
    return [401, 403, 404, 409, 422, 429].includes(given.status)
      ? faults
      : [...faults, `${what}: no answer ${given.status} is described`];
  const name =
    String(response['$ref'] ?? '')
      .split('/')
      .at(-1) ?? '';
  if (given.status < 300 && document['responses']?.[name]?.['schema'] !== undefined)
    faults.push(
      ...found(
        ['responses', name, 'schema'],
        JSON.parse(JSON.stringify(given.body ?? null)),
        `${what} ${given.status}`,
      ),
    );
  return faults;
}

function found(parts: readonly string[], value: unknown, what: string): string[] {
  const check = validator(parts);
  if (check === undefined || check(value)) return [];
  return (check.errors ?? [])
    .slice(0, 5)
    .map(({ instancePath, message, params }) => `${what}: ${instancePath} ${message} ${JSON.stringify(params)}`);
}
