/*
 * src/local/
 *
 * Images that are in no registry: a folder (image-folder.ts), an archive of a root file system (image-archive.ts), an
 * OCI layout (oci-layout.ts), what `docker save` writes (docker-archive.ts). One file and one line in the list below
 * for each; local-kind.ts has the interface. local-images.ts gives them to the inspector as if a registry had them, so
 * that the same code reads layers and inventories. Whatever a path leads to is taken to be hostile.
 * Begin with local-kind.ts, then local-images.ts.
 */

import { dockerArchive } from './docker-archive.ts';
import { archive } from './image-archive.ts';
import { folder } from './image-folder.ts';
import type { LocalKind } from './local-kind.ts';
import { ociLayout } from './oci-layout.ts';

/** Every way in which images lie on a machine. */
export const localKinds: readonly LocalKind[] = [folder, archive, ociLayout, dockerArchive];
