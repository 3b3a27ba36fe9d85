import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { openApi } from '../../src/serve/openapi.ts';

interface Described {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly responses: Responses }>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}
type Responses = Readonly<Record<string, { readonly content?: Readonly<Record<string, { readonly schema: object }>> }>>;

const described = openApi('0') as Described;
const ajv = new Ajv2020({ strict: false, allErrors: true, logger: false });
(formats as unknown as (ajv: Ajv2020) => void)(ajv);
ajv.addSchema({ $id: 'api', components: described.components });
const paths = Object.entries(described.paths).map(
  ([template, methods]) => [new RegExp(`^${template.replace(/\{\w+\}/g, '[^/]+')}$`), methods] as const,
);
const compiled = new Map<object, ValidateFunction>();

/** What is wrong with an answer of the API, against its own description. An answer of what is no route of it is not looked at. */
export function apiFaults(method: string, route: string, status: number, type: string, text: string): string[] {
  const path = route.replace(/\?.*$/, '');
  const [, methods] = paths.find(([expression]) => expression.test(path)) ?? [];
  const responses = methods?.[method.toLowerCase()]?.responses;
  if (responses === undefined) return [];
  const { content } = responses[status] ?? responses['default'] ?? {};
  if (content === undefined) return text === '' ? [] : [`${status} has no content in the description`];
  const media = type.replace(/;.*$/, '');
  const schema = content[media]?.schema;
  if (schema === undefined) return [`${status} is not described as ${media || 'without a type'}`];
  const check =
    compiled.get(schema) ??
    ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"api#/components/')) as object);
  compiled.set(schema, check);
  return check(JSON.parse(text)) ? [] : (check.errors ?? []).map((one) => `${one.instancePath} ${one.message}`);
}
