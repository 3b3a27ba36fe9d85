import { familiarReference, type ImageReference } from '../core/image/reference.ts';
import type { CredentialSource, Credentials } from '../oci/credentials/credentials.ts';
import { quirkOf } from '../oci/quirks/index.ts';
import type { Look } from '../oci/registry/look.ts';

/** What is the matter with something that runs depend on, or that nothing is. */
export interface Diagnosis {
  readonly subject: string;
  readonly state: 'good' | 'new' | 'doubtful' | 'bad';
  /** Sentences, the most important first. */
  readonly findings: readonly string[];
}

/**
 * What `doctor` needs to try registries: logins, one look, and what is known of limits since. `rateLimit` is by
 * registry.
 */
export interface RegistryDiagnosisDependencies {
  readonly credentials: CredentialSource;
  readonly look: (reference: ImageReference, target: string) => Promise<Look>;
  readonly rateLimit: ReadonlyMap<string, { readonly limit: number; readonly remaining: number }>;
}

/**
 * One per registry in use: which login was found where, whether an image that is used answers, and what limit is left.
 * Asks for one image of each, with a HEAD.
 */
export async function diagnoseRegistries(
  references: readonly ImageReference[],
  deps: RegistryDiagnosisDependencies,
): Promise<readonly Diagnosis[]> {
  const registries = Map.groupBy(references, ({ registry }) => registry);
  return Promise.all(
    [...registries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([registry, uses]) => diagnose(registry, uses, deps)),
  );
}

async function diagnose(
  registry: string,
  uses: readonly ImageReference[],
  deps: RegistryDiagnosisDependencies,
): Promise<Diagnosis> {
  // Every registry that is listed is used somewhere.
  const [example] = uses as readonly [ImageReference, ...ImageReference[]];
  const credentials = await deps.credentials(registry, example.repository);
  const look = await deps.look(example, example.digest ?? example.tag ?? 'latest');
  const known = quirkOf(registry);
  const limit = deps.rateLimit.get(registry);
  const isLow = limit !== undefined && limit.remaining < limit.limit / 5;
  const state = look.kind === 'unknown' ? 'bad' : look.kind === 'gone' || isLow ? 'doubtful' : 'good';
  return {
    subject: known === undefined ? registry : `${registry} (${known.name})`,
    state,
    findings: [
      answered(look, example),
      loginOf(credentials),
      ...(limit === undefined
        ? []
        : [
            `${limit.remaining} of ${limit.limit} pulls are left${isLow && known !== undefined ? `; ${known.login}, which raises the limit` : ''}`,
          ]),
    ],
  };
}

function answered(look: Look, example: ImageReference): string {
  switch (look.kind) {
    case 'found':
      return `it answers for ${familiarReference(example)}`;
    case 'gone':
      return `it answers, and ${look.message}`;
    case 'unknown':
      return look.problem.message;
  }
}

function loginOf(credentials: Credentials | undefined): string {
  if (credentials === undefined) return 'no login was found, so it is asked as nobody';
  const who = credentials.kind === 'bearer' ? 'a token' : credentials.username;
  return `the login ${who} from ${credentials.origin ?? 'somewhere'} is used where it asks for one`;
}
