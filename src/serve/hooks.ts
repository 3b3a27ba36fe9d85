import { createHmac } from 'node:crypto';
import type { HookSource } from '../config/serve-settings.ts';
import { formatReference, parseReference } from '../core/image/reference.ts';
import { limits } from '../core/limits/limits.ts';
import { areEqual } from './equal-secrets.ts';

/** A call of a hook, as it came. */
export interface HookCall {
  readonly body: Uint8Array;
  header(name: string): string | undefined;
  /** What stood behind the source in the path: the secret of those that sign nothing. */
  readonly pathSecret: string | undefined;
}

/** What a call says: images that may have moved, and how it is known again when it is played a second time. */
export interface HookSaid {
  /** Reference keys, `registry/repository:tag`. */
  readonly references: readonly string[];
  readonly delivery?: string;
}

interface Source {
  /** Was it sent by whoever knows the secret? */
  isGenuine(call: HookCall, secret: string): boolean;
  read(json: unknown, call: HookCall): { readonly images: readonly string[]; readonly delivery?: string };
}

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const at = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, key) => (isObject(inner) ? inner[key] : undefined), value);
const textAt = (value: unknown, ...path: readonly string[]): string => {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : '';
};
const listAt = (value: unknown, ...path: readonly string[]): readonly unknown[] => {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
};

const inPath = (call: HookCall, secret: string): boolean => areEqual(call.pathSecret ?? '', secret);
const inAuthorization = (call: HookCall, secret: string): boolean =>
  areEqual((call.header('authorization') ?? '').replace(/^Bearer\s+/i, ''), secret);

/** One entry per kind of caller. What each sends: their documentation, named beside each. */
const sources: Readonly<Record<HookSource, Source>> = {
  // docs.docker.com, "Docker Hub webhooks". It signs nothing; its callback_url is never called.
  dockerhub: {
    isGenuine: inPath,
    read: (json) => {
      const name = textAt(json, 'repository', 'repo_name');
      return { images: [named('docker.io', name, textAt(json, 'push_data', 'tag'))] };
    },
  },
  // docs.github.com, "Webhook events and payloads": registry_package and package, either of which may come.
  github: {
    isGenuine: (call, secret) => {
      const [, given = ''] = /^sha256=([0-9a-f]{64})$/.exec(call.header('x-hub-signature-256') ?? '') ?? [];
      return areEqual(createHmac('sha256', secret).update(call.body).digest('hex'), given);
    },
    read: (json, call) => {
      const delivery = call.header('x-github-delivery');
      const found = ['registry_package', 'package'].flatMap((key) => {
        const own = at(json, key);
        if (textAt(own, 'package_type').toLowerCase() !== 'container') return [];
        const owner = textAt(own, 'namespace') || textAt(own, 'owner', 'login');
        const tag = textAt(own, 'package_version', 'container_metadata', 'tag', 'name');
        return [named('ghcr.io', `${owner}/${textAt(own, 'name')}`, tag)];
      });
      return { images: found, ...(delivery !== undefined && { delivery }) };
    },
  },
  // docs.gitea.com, "Webhooks", the event `package`; Forgejo sends the same, with the same headers beside its own.
  gitea: {
    isGenuine: (call, secret) => {
      const given = call.header('x-gitea-signature') ?? call.header('x-forgejo-signature') ?? '';
      return areEqual(createHmac('sha256', secret).update(call.body).digest('hex'), given);
    },
    read: (json, call) => {
      const delivery = call.header('x-gitea-delivery') ?? call.header('x-forgejo-delivery');
      const own = at(json, 'package');
      const [, host = ''] = /^https?:\/\/([^/]+)\//.exec(textAt(own, 'html_url')) ?? [];
      const [name, version] = [`${textAt(own, 'owner', 'login')}/${textAt(own, 'name')}`, textAt(own, 'version')];
      // A manifest without a tag, such as that of one platform, has its digest for a version.
      const isTag =
        textAt(own, 'type') === 'container' && textAt(json, 'action') === 'created' && !version.includes(':');
      const images = isTag && host !== '' ? [named(host, name.toLowerCase(), version)] : [];
      return { images, ...(delivery !== undefined && { delivery }) };
    },
  },
  // goharbor.io/docs, "Configure Webhook Notifications", and its CloudEvents, which hold the same under `data`.
  harbor: {
    isGenuine: inAuthorization,
    read: (json) => {
      const data = isObject(at(json, 'event_data')) ? at(json, 'event_data') : at(json, 'data');
      const isPush = /^(?:PUSH_ARTIFACT|pushImage|harbor\.artifact\.pushed)$/.test(textAt(json, 'type'));
      const images = listAt(data, 'resources').flatMap((one) => {
        const [, host = ''] = /^([^/]+)\//.exec(textAt(one, 'resource_url')) ?? [];
        const name = textAt(data, 'repository', 'repo_full_name');
        return isPush && host !== '' ? [named(host, name, textAt(one, 'tag'))] : [];
      });
      const delivery = textAt(json, 'id');
      return { images, ...(delivery !== '' && { delivery }) };
    },
  },
  // docs.quay.io, "Repository Push". `updated_tags` is a list today and was an object by tag.
  quay: {
    isGenuine: inPath,
    read: (json) => {
      const [host = '', ...path] = textAt(json, 'docker_url').split('/');
      const updated = at(json, 'updated_tags');
      const tags = isObject(updated) ? Object.keys(updated) : listAt(json, 'updated_tags');
      return { images: tags.flatMap((tag) => (typeof tag === 'string' ? [named(host, path.join('/'), tag)] : [])) };
    },
  },
  // distribution.github.io, "Notifications": pulls and blobs come as well, and are nothing to us.
  distribution: {
    isGenuine: inAuthorization,
    read: (json) => {
      const pushes = listAt(json, 'events').filter((one) => textAt(one, 'action') === 'push');
      const images = pushes.flatMap((one) => {
        const tag = textAt(one, 'target', 'tag');
        return tag === '' ? [] : [named(textAt(one, 'request', 'host'), textAt(one, 'target', 'repository'), tag)];
      });
      const ids = pushes.map((one) => textAt(one, 'id')).filter((id) => id !== '');
      return { images, ...(ids.length > 0 && { delivery: ids.join(' ').slice(0, 500) }) };
    },
  },
  // Our own: `{ "image": "registry/repository:tag" }`, or `images`, a list of such.
  generic: {
    isGenuine: inAuthorization,
    read: (json, call) => {
      const images = [at(json, 'image'), ...listAt(json, 'images')].filter((one) => typeof one === 'string');
      const delivery = call.header('webhook-id');
      return { images, ...(delivery !== undefined && { delivery }) };
    },
  },
};

function named(host: string, repository: string, tag: string): string {
  return `${host}/${repository}${tag === '' ? '' : `:${tag}`}`;
}

/** Is a call what it claims to be? Over the bytes as they came, before anything of them is read. */
export function isGenuine(source: HookSource, call: HookCall, secret: string): boolean {
  return sources[source].isGenuine(call, secret);
}

/**
 * The images that a call names, as far as they can be read: a host in it is a part of a name and nothing that is asked.
 * Undefined: it is no JSON.
 */
export function readHook(source: HookSource, call: HookCall): HookSaid | undefined {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(call.body));
  } catch {
    return undefined;
  }
  const { images, delivery } = sources[source].read(json, call);
  const references = images.slice(0, limits.serve.hookReferences.most).flatMap((image) => {
    try {
      const { registry, repository, tag = 'latest' } = parseReference(image);
      return [formatReference({ registry, repository, tag })];
    } catch {
      return [];
    }
  });
  return { references: [...new Set(references)], ...(delivery !== undefined && { delivery: delivery.slice(0, 500) }) };
}
