import type { ApiRoute } from '../src/serve/api-route.ts';
import { routes } from '../src/serve/api-routes.ts';
import { openApi } from '../src/serve/openapi.ts';

const head = `# The API of the daemon

<!-- Made by "npm run build" of src/serve/api-routes.ts. -->

\`plimsoll serve\` answers programs below \`/api/v1\`; [openapi.json](openapi.json) describes every route and document, and the daemon
itself has it at \`/api/openapi.json\`. A token goes with each call:

\`\`\`sh
curl -H "Authorization: Bearer $PLIMSOLL_READ" http://127.0.0.1:8087/api/v1/findings?class=security
curl -H "Authorization: Bearer $PLIMSOLL_ACT" -H 'Content-Type: application/json' \\
  -d '{"images":["debian:12"]}' http://127.0.0.1:8087/api/v1/checks
\`\`\`

Times are RFC 3339 in UTC. Lists that take \`?cursor=\` come in pages of at most a hundred, the others whole: \`next\` of a page is the cursor
of the following, with all else as it was; on the last there is none. A parameter that the route
does not have, one given twice and a value that is none of those that it takes are 400, and so is the cursor of another list, or of the
same asked for with other words. What went
wrong is \`application/problem+json\` (RFC 9457) with its sentence in \`title\`: 400 for what was asked, 401 without a login, 403 for a
token that may not, 404 for what no run has seen, 405 for a method that the route does not take (\`Allow\` has those that it does), 413, 415, 421 for a name that is not the daemon's, 429 after too many wrong tokens,
503 while the state does not answer.
`;

/** docs/api.md: a table of what may be asked, and one of what may be done. */
export function apiPage(): string {
  const table = (title: string, about: string, wanted: readonly ApiRoute[]): string => {
    const rows = wanted.map(({ method, path, what, query = {}, body, status }) => {
      const asked = Object.entries(query).map(([name, meaning]) => `\`?${name}=\` ${meaning}`);
      const own = body === undefined ? [] : ['a body of JSON'];
      return `| \`${method.toUpperCase()} ${path.replace(/:(\w+)/g, '{$1}')}\` | ${what} | ${[...own, ...asked].join('<br>')} | ${status} |`;
    });
    return `\n## ${title}\n\n${about}\n\n| route | what | with | answer |\n| --- | --- | --- | --- |\n${rows.join('\n')}\n`;
  };
  const isRead = ({ method }: ApiRoute): boolean => method === 'get';
  return `${head}${table('Asking', 'With the `read` token, or the `act` token. Nothing changes by being asked.', routes.filter(isRead))}${table(
    'Acting',
    'With the `act` token; who did what is written down.',
    routes.filter((one) => !isRead(one)),
  )}`;
}

/** docs/openapi.json. */
export function apiDescription(version: string): string {
  return `${JSON.stringify(openApi(version), undefined, 2)}\n`;
}
