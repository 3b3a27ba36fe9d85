import type { IncomingMessage, ServerResponse } from 'node:http';

/** Ways in which a server misbehaves instead of an answer. `silent` never answers. */
export const faults = [
  'reset',
  'half',
  'wrong-length',
  'wrong-content',
  'wrong-type',
  'empty',
  'slow',
  'busy',
  'down',
  'loop',
  'elsewhere',
  'not-found',
  'forbidden',
  'huge-header',
  'silent',
] as const;
export type Fault = (typeof faults)[number];

/** Every spelling of RFC 9110 §10.2.3 and §5.6.7, and what servers write instead; none asks for more than a second, or is obeyed. */
function retryAfter(random: () => number): Record<string, string> {
  const soon = new Date(Date.now() + 1000);
  const [day, month] = [soon.toUTCString(), soon.toISOString().slice(11, 19)];
  const [, number = '', name = '', year = ''] = /^\w+, (\d+) (\w+) (\d+)/.exec(day) ?? [];
  const spellings = [
    '0',
    ' 1 ',
    day,
    `Monday, ${number}-${name}-${year.slice(2)} ${month} GMT`,
    `Mon ${name} ${number.replace(/^0/, ' ')} ${month} ${year}`,
    'Thu, 01 Jan 1970 00:00:00 GMT',
    '99999',
    '-5',
    '1.5',
    'soon',
    '',
  ];
  const text = spellings[Math.floor(random() * spellings.length)];
  return text === undefined || text === '' ? {} : { 'retry-after': text };
}

/**
 * Answers the share `rate` of all requests with one of these faults, the same ones for the same requests and seed. For the
 * `intercept` of a stand-in. The log has one word per request that was not let through.
 */
export function misbehaving(
  seed: number,
  rate: number,
  among: readonly Fault[],
  log: Fault[] = [],
): (request: IncomingMessage, response: ServerResponse) => boolean {
  const random = seeded(seed);
  return (request, response) => {
    if (random() >= rate) return false;
    const fault = among[Math.floor(random() * among.length)] ?? 'reset';
    log.push(fault);
    misbehave(fault, request, response, random);
    return true;
  };
}

function misbehave(fault: Fault, request: IncomingMessage, response: ServerResponse, random: () => number): void {
  const json = { 'content-type': 'application/json' };
  const isHead = request.method === 'HEAD';
  switch (fault) {
    case 'reset':
      return void request.socket.destroy();
    case 'half':
      response.writeHead(200, { ...json, 'content-length': 5000 });
      return void response.write(isHead ? '' : '{"schemaVersion":2,', () => request.socket.destroy());
    case 'wrong-length':
      // Whole by its own account, and not what was asked for.
      return void response
        .writeHead(200, { ...json, 'content-length': 19 })
        .end(isHead ? undefined : '{"schemaVersion":2}');
    case 'wrong-content': {
      const digest = `sha256:${'d'.repeat(64)}`;
      const index = { schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests: [] };
      const body = JSON.stringify(index);
      const headers = {
        'content-type': index.mediaType,
        'content-length': body.length,
        'docker-content-digest': digest,
      };
      return void response.writeHead(200, headers).end(isHead ? undefined : body);
    }
    case 'wrong-type':
      return void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in to this network</html>');
    case 'empty':
      return void response.writeHead(200, { ...json, 'content-length': 0 }).end();
    case 'slow':
      response.writeHead(200, json);
      return drip(response, 10);
    case 'busy':
      return void response.writeHead(429, { ...retryAfter(random), 'content-length': 0 }).end();
    case 'down':
      return void response.writeHead(503, { ...retryAfter(random), 'content-length': 0 }).end();
    case 'loop':
      return void response.writeHead(307, { location: request.url ?? '/', 'content-length': 0 }).end();
    case 'elsewhere': {
      const places = ['http://169.254.169.254/latest', 'ftp://example.invalid/', 'http://', '//[::1', 'javascript:0'];
      const location = places[Math.floor(random() * places.length)] ?? '';
      return void response.writeHead(302, { location, 'content-length': 0 }).end();
    }
    case 'not-found':
      // A page of a front end, which says nothing of an image.
      return void response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>Not found</h1>');
    case 'forbidden':
      return void response.writeHead(403, { 'content-length': 0 }).end();
    case 'huge-header':
      return void request.socket.end(`HTTP/1.1 200 OK\r\nX-Huge: ${'a'.repeat(200_000)}\r\n\r\n`);
    case 'silent':
  }
}

function drip(response: ServerResponse, left: number): void {
  if (left === 0) return void response.end('}');
  response.write(left === 10 ? '{"a":1' : ' ');
  setTimeout(() => drip(response, left - 1), 20);
}

/** Numbers in [0, 1) that look random and repeat (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
