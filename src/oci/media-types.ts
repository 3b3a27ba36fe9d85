export const ociIndex = 'application/vnd.oci.image.index.v1+json';
const dockerList = 'application/vnd.docker.distribution.manifest.list.v2+json';
export const ociManifest = 'application/vnd.oci.image.manifest.v1+json';
export const dockerManifest = 'application/vnd.docker.distribution.manifest.v2+json';

/** All four in every manifest request: without the index types Docker Hub answers with linux/amd64 and another digest. */
export const acceptManifests = [ociIndex, dockerList, ociManifest, dockerManifest].join(', ');

export function isIndexType(mediaType: string): boolean {
  return mediaType === ociIndex || mediaType === dockerList;
}
