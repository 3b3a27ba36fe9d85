import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';

interface Node {
  readonly [key: string]: Node;
}

const document = withNulls(
  JSON.parse(readFileSync(path.join(import.meta.dirname, 'openapi.json'), 'utf8')) as Node,
) as Node;
const ajv = new Ajv({ strict: false, allErrors: true, logger: false, coerceTypes: false });
(formats as unknown as (ajv: Ajv) => void)(ajv);
ajv.addSchema(document, 'gh');

/** OpenAPI 3.0's `nullable` beside no type, which JSON Schema does not know. */
function withNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withNulls);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inside]) => [key, withNulls(inside)] as const);
  const { nullable, ...rest } = Object.fromEntries(entries) as { nullable?: unknown; type?: unknown };
  if (nullable !== true || rest.type !== undefined) return Object.fromEntries(entries);
  return { anyOf: [{ type: 'null' }, rest] };
}

const compiled = new Map<string, ValidateFunction | undefined>();

function pointer(...parts: string[]): string {
  return `gh#/${parts.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`;
}

function validator(parts: string[]): ValidateFunction | undefined {
  const key = parts.join(' ');
  if (!compiled.has(key)) {
    const node = parts.reduce<Node | undefined>((at, part) => at?.[part], document);
    compiled.set(key, node === undefined ? undefined : ajv.compile({ $ref: pointer(...parts) }));
  }
  return compiled.get(key);
}

/** Are all of a route's paths described? */
export function isDescribed(template: string, method: string): boolean {
  return document['paths']?.[template]?.[method] !== undefined;
}

/** What is wrong with a body that was sent, against GitHub's description. */
export function requestFaults(template: string, method: string, body: unknown): string[] {
  const check = validator(['paths', template, method, 'requestBody', 'content', 'application/json', 'schema']);
  return check === undefined || check(body) ? [] : faults(`${method} ${template}`, check);
}

/** The same for an answer; a status that is not described is a fault of its own. */
export function answerFaults(template: string, method: string, status: number, body: unknown): string[] {
  const own = ['paths', template, method, 'responses', String(status)];
  const node = own.reduce<Node | undefined>((at, part) => at?.[part], document);
  if (node === undefined) {
    return [401, 403, 404, 409, 429].includes(status)
      ? []
      : [`${method} ${template}: no answer ${status} is described`];
  }
  const reference = node['$ref'] as unknown as string | undefined;
  const parts = reference === undefined ? own : reference.slice(2).split('/');
  const check = validator([...parts, 'content', 'application/json', 'schema']);
  return check === undefined || check(body) ? [] : faults(`${method} ${template} ${status}`, check);
}

function faults(what: string, check: ValidateFunction): string[] {
  return (check.errors ?? []).slice(0, 5).map(({ instancePath, message }) => `${what}: ${instancePath} ${message}`);
}
