import * as z from 'zod';
import { type DispatchLimits, defaultDispatchLimits } from '../core/image/rebuild.ts';
import { type RebuildSettings, rebuildTypes } from '../core/image/rebuild-how.ts';
import type { Secret } from '../core/secret.ts';

/** Which keys belong to which type, beside `inputs` and `timeout`. */
const keysOf = {
  workflow: ['workflow', 'ref'],
  'repository-dispatch': [],
  gitlab: ['ref', 'secret'],
  gitea: ['workflow', 'ref'],
  webhook: ['url', 'secret'],
} as const satisfies Readonly<Record<RebuildSettings['type'], readonly string[]>>;

const needed = {
  workflow: ['workflow'],
  'repository-dispatch': [],
  gitlab: [],
  gitea: ['workflow'],
  webhook: ['url', 'secret'],
} as const satisfies Readonly<Record<RebuildSettings['type'], readonly string[]>>;

const why = {
  workflow: 'the file of the workflow that builds the image, such as build.yml',
  url: 'the address that is posted to',
  secret: 'what each post is signed with: a receiver cannot tell who else might post',
} as const;

/** What GitHub takes at most (GitHub Docs, "Events that trigger workflows", `workflow_dispatch`). */
const inputsTaken = 25;

/** `rebuild` of a published image, as it is written. The pieces are those of the other keys. */
export function rebuildSchema({ secret, duration }: { readonly secret: z.ZodString; readonly duration: z.ZodString }) {
  return z
    .strictObject({
      type: z
        .enum(rebuildTypes)
        .optional()
        .describe(
          'workflow: a workflow of GitHub; repository-dispatch: the event plimsoll-rebuild there; gitlab: a pipeline; gitea: a workflow of Gitea or Forgejo; webhook: a signed post. Default: workflow',
        ),
      workflow: z
        .string()
        .regex(/^(?:[\w.-]+\/)*[\w.-]+\.ya?ml$/, { error: 'expected the file of a workflow, such as build.yml' })
        .optional()
        .describe('its file; it has to be started by workflow_dispatch on its default branch'),
      ref: z
        .string()
        .regex(/^[^\s~^:?*[\\]{1,200}$/, { error: 'expected a branch or a tag' })
        .optional()
        .describe('a branch or a tag; otherwise the branch that was read'),
      inputs: z
        .record(
          z.string().regex(/^[\w-]{1,100}$/, { error: 'expected a name of letters, digits, _ and -' }),
          z.string().max(1000),
        )
        .refine((inputs) => Object.keys(inputs).length <= inputsTaken, { error: `expected at most ${inputsTaken}` })
        .optional()
        .describe(
          'inputs of the workflow, variables of the pipeline, or what is posted; {image}, {base} (its digest) and {correlation} are filled in',
        ),
      url: z
        .string()
        .regex(/^https?:\/\/[^\s/?#@]+(?:[/?][^\s#]*)?$/, { error: 'expected an http(s) address without a login' })
        .optional()
        .describe('of a webhook'),
      secret: secret.optional(),
      timeout: duration.optional().describe('how long a rebuild may take to be at the registry; 6h'),
    })
    .superRefine((given, context) => {
      const { type = 'workflow' } = given;
      const own: readonly string[] = keysOf[type];
      for (const key of ['workflow', 'ref', 'url', 'secret'] as const) {
        if (given[key] !== undefined && !own.includes(key)) {
          const others =
            own.length === 0 ? 'it has inputs and timeout alone' : `it has ${own.join(', ')}, inputs, timeout`;
          const message = `says nothing to type ${type}: ${others}`;
          context.addIssue({ code: 'custom', path: [key], message });
        }
      }
      for (const key of needed[type] as readonly (keyof typeof why)[]) {
        if (given[key] === undefined)
          context.addIssue({ code: 'custom', message: `type ${type} needs ${key}: ${why[key]}` });
      }
      if (given.timeout !== undefined && /^0+\D$/.test(given.timeout)) {
        context.addIssue({ code: 'custom', path: ['timeout'], message: 'nothing is built in no time' });
      }
    });
}

type RebuildFile = z.infer<ReturnType<typeof rebuildSchema>>;

const usualWait = 6 * 60 * 60 * 1000;

/** The same as it is used. */
export function rebuildSettings(
  { type = 'workflow', workflow, ref, inputs = {}, url, secret, timeout }: RebuildFile,
  read: { readonly secret: (text: string) => Secret; readonly duration: (text: string) => number },
): RebuildSettings {
  return {
    type,
    inputs,
    timeout: timeout === undefined ? usualWait : read.duration(timeout),
    // A forge calls it by its name, wherever its folder is.
    ...(workflow !== undefined && { workflow: workflow.slice(workflow.lastIndexOf('/') + 1) }),
    ...(ref !== undefined && { ref }),
    ...(url !== undefined && { url }),
    ...(secret !== undefined && { secret: read.secret(secret) }),
  };
}

const number = z.int().min(0).max(10_000).optional();
const dispatchKeys = {
  perDay: number.describe('rebuilds asked for within 24 hours, of all images together'),
  perImage: number.describe('rebuilds of one image asked for within 24 hours'),
};

/** `limits.dispatch`, as it is written. */
export const dispatchLimitsSchema = z
  .strictObject({ ...dispatchKeys, security: z.strictObject(dispatchKeys).optional() })
  .describe(
    'for rebuilds; security: where a fix is among what the base brings. Default: 10 and 1, for security 20 and 2',
  );

/** What is given, and the default for the rest. */
export function dispatchLimits({ security, ...own }: z.infer<typeof dispatchLimitsSchema>): DispatchLimits {
  const usual = defaultDispatchLimits;
  const { perDay = usual.perDay, perImage = usual.perImage } = own;
  return {
    perDay,
    perImage,
    security: {
      perDay: security?.perDay ?? Math.max(perDay, usual.security.perDay),
      perImage: security?.perImage ?? Math.max(perImage, usual.security.perImage),
    },
  };
}
