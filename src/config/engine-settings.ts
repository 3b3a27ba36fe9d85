import * as z from 'zod';
import { askingEcosystems, type RedeploySettings } from '../core/redeploy.ts';
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
    mode: z
      .enum(['watch', 'redeploy'])
      .optional()
      .describe(
        'watch: it is asked, and never told to do anything; redeploy: rules may have workloads moved to the digest that was judged',
      ),
    adopt: z
      .array(z.enum(askingEcosystems))
      .min(1)
      .optional()
      .describe('whose labels on a container may ask for it to be redeployed, without a rule'),
    keepOld: z
      .string()
      .regex(/^\d{1,6}[smhdw]$/, { error: 'expected a time such as 30m, 72h or 7d' })
      .optional()
      .describe('how long what ran before can be gone back to; 72h'),
    limits: z
      .strictObject({
        perRun: z.int().min(0).max(1000).optional().describe('workloads that one run moves; 5'),
      })
      .optional(),
    cleanup: z
      .boolean()
      .optional()
      .describe('true: images that were replaced here are removed after keepOld, where nothing uses them'),
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
  .refine(({ host, mode }) => mode !== 'redeploy' || engineHost(host).type === 'docker', {
    error:
      'only Docker is told to redeploy: what Podman and Kubernetes run is started anew by their own units and controllers',
    path: ['mode'],
  })
  .refine(
    ({ mode, adopt, keepOld, limits, cleanup }) =>
      mode === 'redeploy' || [adopt, keepOld, limits, cleanup].every((one) => one === undefined),
    {
      error: 'adopt, keepOld, limits and cleanup are about what is redeployed: they go with mode: redeploy',
    },
  )
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
  /** How it may be told to redeploy; absent: it is only asked. */
  readonly redeploy?: RedeploySettings;
}

const usualKeep = 72 * 60 * 60 * 1000;

/** Engines as they are used; `pem` reads a file that one of them names, or complains; `duration` gives milliseconds. */
export function engineSettings(
  given: readonly EngineFile[],
  duration: (text: string) => number,
  pem: (file: string, keys: readonly (string | number)[]) => string,
): readonly EngineSettings[] {
  return given.map(({ name, host, tls, stopped = false, namespaces, mode, adopt, keepOld, limits, cleanup }, index) => {
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
      ...(mode === 'redeploy' && {
        redeploy: {
          adopt: new Set(adopt),
          keepOld: keepOld === undefined ? usualKeep : duration(keepOld),
          perRun: limits?.perRun ?? 5,
          cleanup: cleanup ?? false,
        },
      }),
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
