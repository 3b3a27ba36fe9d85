import type { RegistryQuirk } from './quirk.ts';

/** Google's, under its own hosts and under those of the Container Registry that it replaced. */
export const artifactRegistry: RegistryQuirk = {
  name: 'Google Artifact Registry',
  hosts: /^(?:[\w-]+-docker\.pkg\.dev|(?:[a-z]+\.)?gcr\.io)$/,
  login:
    'log in with "gcloud auth configure-docker HOST" or as the user oauth2accesstoken with an access token; the account needs roles/artifactregistry.reader',
  hides: [403],
  sources: [
    'https://cloud.google.com/artifact-registry/docs/docker/authentication',
    'https://cloud.google.com/artifact-registry/docs/transition/transition-from-gcr',
  ],
};
