import * as z from 'zod';
import { addressComplaint } from '../engines/docker/docker-address.ts';
import type { EngineAddress } from '../engines/engine.ts';
import { podmanComplaint } from '../engines/podman/podman-address.ts';

const shortText = z.string().min(1).max(100);

/** One engine, as it is written. */
export const engineSchema = z
  .strictObject({
    name: shortText
      .regex(/^[^\s/@:]+$/, { error: 'expected a name without spaces, slashes, @ and colons' })
      .optional()
      .describe("as reports and rules call it; otherwise its host's name"),
    host: z
      .string()
      .superRefine((text, context) => {
        const complaint = hostComplaint(text);
        if (complaint !== undefined) context.addIssue(complaint);
      })
      .meta({
        examples: [
          'unix:///var/run/docker.sock',
          'tcp://nas:2376',
          'ssh://me@nas',
          'podman+unix:///run/podman/podman.sock',
          'kube:production',
        ],
      })
      .optional()
      .describe(
        'where it is; otherwise DOCKER_HOST, else the context of Docker in use, else its usual socket; "podman:" is Podman\'s usual socket, "kube:CONTEXT" a cluster of the kubeconfig',
      ),
    tls: z
      .strictObject({
        ca: z.string().min(1).optional().describe('a PEM file with the authority to believe, and no other'),
        cert: z.string().min(1).optional().describe('a PEM file with our own certificate; goes with key'),
        key: z.string().min(1).optional().describe('a PEM file with its private key'),
      })
      .optional(),
    insecure: z
      .boolean()
      .optional()
      .describe('true: tcp without TLS to another machine, which anybody on the way can read'),
    mode: z.literal('watch').optional().describe('watch: it is asked, and never told to do anything'),
    stopped: z.boolean().optional().describe('true: also what does not run'),
    namespaces: z
      .array(z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, { error: 'expected the name of a namespace' }))
      .min(1)
      .optional()
      .describe('of a cluster of Kubernetes, these alone'),
  })
  .refine(({ tls }) => (tls?.cert === undefined) === (tls?.key === undefined), { error: 'cert and key go together' })
  .refine(({ host, namespaces }) => namespaces === undefined || engineHost(host).type === 'kube', {
    error: 'only a cluster of Kubernetes has namespaces: host: "kube:CONTEXT"',
  })
  .refine(({ host, tls }) => tls === undefined || engineHost(host).type !== 'kube', {
    error: 'how a cluster is reached stands in its kubeconfig',
  })
  .refine(({ host, tls, insecure }) => !isOpenTcp(host) || tls !== undefined || insecure === true, {
    error: 'tcp without TLS to another machine: anybody on the way can read it; give "tls", or say "insecure: true"',
  });

type EngineFile = z.infer<typeof engineSchema>;

/** One engine, with every default filled in. */
export interface EngineSettings {
  readonly type: 'docker' | 'podman' | 'kube';
  readonly name?: string;
  /** As its type has it. Absent: what the environment says. */
  readonly host?: string;
  readonly tls?: NonNullable<EngineAddress['tls']>;
  readonly stopped: boolean;
  /** Of a cluster: these alone. */
  readonly namespaces?: readonly string[];
}

/** Engines as they are used; `pem` reads a file that one of them names, or complains. */
export function engineSettings(
  given: readonly EngineFile[],
  pem: (file: string, keys: readonly (string | number)[]) => string,
): readonly EngineSettings[] {
  return given.map(({ name, host, tls, stopped = false, namespaces }, index) => {
    const read = (key: 'ca' | 'cert' | 'key'): { readonly [K in typeof key]?: string } => {
      const file = tls?.[key];
      return file === undefined ? {} : { [key]: pem(file, ['engines', index, 'tls', key]) };
    };
    return {
      ...engineHost(host),
      ...(name !== undefined && { name }),
      ...(tls && { tls: { ...read('ca'), ...read('cert'), ...read('key') } }),
      stopped,
      ...(namespaces && { namespaces }),
    };
  });
}

/** Which kind of engine an address is one of, and what is left of it. */
function engineHost(text: string | undefined): Pick<EngineSettings, 'type' | 'host'> {
  if (text === undefined) return { type: 'docker' };
  if (text === 'podman:') return { type: 'podman' };
  if (text.startsWith('kube:')) return { type: 'kube', host: text.slice('kube:'.length) };
  return text.startsWith('podman+')
    ? { type: 'podman', host: text.slice('podman+'.length) }
    : { type: 'docker', host: text };
}

function hostComplaint(text: string): string | undefined {
  const { type, host } = engineHost(text);
  // A context may be called anything, and is looked for when it is asked.
  if (host === undefined || type === 'kube') return undefined;
  return type === 'podman' ? podmanComplaint(host) : addressComplaint(host);
}

/** To another machine: one that is this one is nobody's to read. */
function isOpenTcp(host: string | undefined): boolean {
  const url = URL.parse(engineHost(host).host ?? '');
  return url?.protocol === 'tcp:' && !/^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname);
}
