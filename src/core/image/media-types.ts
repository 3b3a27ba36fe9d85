export const ociIndex = 'application/vnd.oci.image.index.v1+json';
const dockerList = 'application/vnd.docker.distribution.manifest.list.v2+json';
export const ociManifest = 'application/vnd.oci.image.manifest.v1+json';
export const dockerManifest = 'application/vnd.docker.distribution.manifest.v2+json';

/** All four in every manifest request: without the index types Docker Hub answers with linux/amd64 and another digest. */
export const acceptManifests = [ociIndex, dockerList, ociManifest, dockerManifest].join(', ');

/** Does a media type say that a document lists others? An OCI index, or Docker's manifest list. */
export function isIndexType(mediaType: string): boolean {
  return mediaType === ociIndex || mediaType === dockerList;
}

/** What says how an image runs, and on what: artifacts have configs of other types. */
export function isImageConfigType(mediaType: string): boolean {
  return (
    mediaType === 'application/vnd.oci.image.config.v1+json' ||
    mediaType === 'application/vnd.docker.container.image.v1+json'
  );
}
