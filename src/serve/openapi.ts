import * as z from 'zod';
import type { ApiRoute } from './api-route.ts';
import { routes } from './api-routes.ts';

/** The description of the API, as OpenAPI 3.1 (spec.openapis.org/oas/v3.1.1), made from the routes themselves. */
export function openApi(version: string): object {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const path = `/api/v1${route.path.replace(/:(\w+)/g, '{$1}')}`;
    paths[path] = { ...paths[path], [route.method]: operation(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Plimsoll',
      version,
      description: 'What runs have seen, and what may be asked for. Lists come in pages; errors as RFC 9457 has them.',
    },
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: {
        Problem: {
          type: 'object',
          required: ['type', 'status', 'title'],
          properties: { type: { type: 'string' }, status: { type: 'integer' }, title: { type: 'string' } },
        },
      },
    },
    security: [{ token: [] }],
  };
}

function operation({ path, method, what, query = {}, body, status, answer }: ApiRoute): object {
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const inQuery = Object.entries(query).map(([name, description]) => ({
    name,
    in: 'query',
    description,
    schema: { type: 'string' },
  }));
  const problem = {
    description: 'What was wrong',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  };
  return {
    operationId: `${method}${path.replace(/\/:?(\w)/g, (_, letter: string) => letter.toUpperCase())}`,
    summary: what,
    ...(inPath.length + inQuery.length > 0 && { parameters: [...inPath, ...inQuery] }),
    ...(body && { requestBody: { required: true, content: json(body) } }),
    responses: {
      [status]: { description: what, ...(answer && { content: json(answer) }) },
      default: problem,
    },
  };
}

function json(schema: z.ZodType): object {
  const { $schema: _, ...own } = z.toJSONSchema(schema);
  return { 'application/json': { schema: own } };
}
