import { folderFiles } from './file-set.ts';
import { splitPlace, wrongPlace } from './image-path.ts';
import { openLayout } from './layout.ts';
import type { LocalKind } from './local-kind.ts';

/** `oci:PATH[:TAG]`: a folder in the image layout that skopeo, buildah, crane and BuildKit write. */
export const ociLayout: LocalKind = {
  prefix: 'oci:',
  async open(place) {
    const { path, stats, tag } = await splitPlace(place);
    if (!stats.isDirectory())
      throw wrongPlace(path, 'it is no folder; for an archive write docker-archive:PATH or tar:PATH');
    return openLayout(folderFiles(path), tag);
  },
};
