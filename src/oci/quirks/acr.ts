import type { RegistryQuirk } from './quirk.ts';

/** `az acr login` leaves a refresh token, which only the OAuth2 endpoint takes. */
export const acr: RegistryQuirk = {
  name: 'Azure Container Registry',
  hosts: /^[a-z0-9-]+\.azurecr\.(?:io|cn|us)$/,
  login:
    'log in with "az acr login --name NAME", which is good for 3 hours, or with a token that has the scope to read',
  sources: ['https://learn.microsoft.com/en-us/azure/container-registry/container-registry-authentication'],
};
