import { describe, expect, it } from 'vitest';
import { parseChallenge } from '../../../src/oci/credentials/challenge.ts';
import { meansGone, quirkOf, quirks, registryOf } from '../../../src/oci/quirks/index.ts';

describe('a registry is known by its host', () => {
  it.each([
    ['docker.io', 'Docker Hub'],
    ['registry-1.docker.io', 'Docker Hub'],
    ['ghcr.io', 'GitHub Container Registry'],
    ['GHCR.io', 'GitHub Container Registry'],
    ['quay.io', 'Quay'],
    ['123456789012.dkr.ecr.eu-central-1.amazonaws.com', 'Amazon ECR'],
    ['123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com', 'Amazon ECR'],
    ['123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn', 'Amazon ECR'],
    ['123456789012.dkr-ecr.eu-west-1.on.aws', 'Amazon ECR'],
    ['public.ecr.aws', 'Amazon ECR Public'],
    ['europe-west1-docker.pkg.dev', 'Google Artifact Registry'],
    ['gcr.io', 'Google Artifact Registry'],
    ['eu.gcr.io', 'Google Artifact Registry'],
    ['myteam.azurecr.io', 'Azure Container Registry'],
    ['registry.gitlab.com', 'GitLab'],
    ['lscr.io', 'lscr.io'],
  ])('%s: %s', (host, name) => {
    expect(quirkOf(host)?.name).toBe(name);
  });

  it.each([
    'registry.k8s.io',
    'localhost:5000',
    'docker.io.evil.example',
    'evil-ghcr.io',
    'ghcr.io:444',
    'xgcr.io',
    'a.b.azurecr.io',
    'amazonaws.com',
    '',
  ])('%j is nobody special', (host) => {
    expect(quirkOf(host)).toBeUndefined();
  });
});

describe('a product is known by its challenge', () => {
  it.each([
    ['Bearer realm="https://harbor.corp/service/token",service="harbor-registry"', 'Harbor'],
    ['BASIC realm="Sonatype Nexus Repository Manager"', 'Nexus'],
    ['Bearer realm="https://git.corp/jwt/auth",service="container_registry"', 'GitLab'],
    ['Bearer realm="https://auth.corp/token",service="registry.corp"', undefined],
  ])('%s: %s', (challenge, name) => {
    expect(quirkOf('registry.corp', parseChallenge(challenge))?.name).toBe(name);
  });
});

describe('each of them', () => {
  it.each(quirks.map((quirk) => [quirk.name, quirk] as const))('%s is data with sources', (_name, quirk) => {
    expect(quirk.hosts ?? quirk.challenge).toBeDefined();
    expect(quirk.login).toMatch(/^[a-z]/);
    for (const source of quirk.sources) expect(new URL(source).protocol).toBe('https:');
    expect(JSON.stringify(quirk)).not.toContain('=>');
  });

  it('is the only one for its hosts', () => {
    const hosts = [
      'docker.io',
      'ghcr.io',
      'quay.io',
      'public.ecr.aws',
      'gcr.io',
      'a.azurecr.io',
      'registry.gitlab.com',
    ];
    for (const host of hosts) expect(quirks.filter((one) => one.hosts?.test(host))).toHaveLength(1);
  });
});

it('Docker Hub is called by its name, whichever host answered', () => {
  expect(registryOf('registry-1.docker.io')).toBe('docker.io');
  expect(registryOf('ghcr.io')).toBe('ghcr.io');
});

describe('words for "there is no such manifest"', () => {
  it.each([
    ['quay.io', 'TAG_EXPIRED', true],
    ['quay.io', 'NOT_FOUND', false],
    ['ghcr.io', 'NOT_FOUND', false],
    ['ghcr.io', 'MANIFEST_UNKNOWN', true],
    ['harbor.corp', 'NOT_FOUND', true],
    ['quay.corp:8443', 'TAG_EXPIRED', true],
    ['registry.corp', 'DENIED', false],
    ['registry.corp', undefined, false],
  ])('%s %s: %s', (host, code, gone) => {
    expect(meansGone(host, code)).toBe(gone);
  });
});
