/** SBOMs as generators write them, as far as they are read. */
export function spdx(purls: readonly string[], tools: readonly string[] = ['syft-v1.4.1', 'buildkit-v0.20.0']): object {
  return {
    spdxVersion: 'SPDX-2.3',
    creationInfo: { creators: ['Organization: Example', ...tools.map((tool) => `Tool: ${tool}`)] },
    packages: [
      { name: 'image', externalRefs: [] },
      ...purls.map((referenceLocator) => ({
        name: 'x',
        externalRefs: [
          { referenceCategory: 'SECURITY', referenceType: 'cpe23Type', referenceLocator: 'cpe:2.3:a' },
          { referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator },
        ],
      })),
    ],
  };
}

export function cycloneDx(purls: readonly string[], tool = 'trivy'): object {
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    metadata: { tools: { components: [{ type: 'application', name: tool, version: '0.50.0' }] } },
    components: [{ type: 'operating-system', name: 'debian' }, ...purls.map((purl) => ({ type: 'library', purl }))],
  };
}

/** Syft's words for a Debian package. */
export function debPurl(name: string, version: string): string {
  return `pkg:deb/debian/${name}@${encodeURIComponent(version)}?arch=amd64&distro=debian-12`;
}
