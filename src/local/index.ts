import { dockerArchive } from './docker-archive.ts';
import { archive } from './image-archive.ts';
import { folder } from './image-folder.ts';
import type { LocalKind } from './local-kind.ts';
import { ociLayout } from './oci-layout.ts';

/** Every way in which images lie on a machine. */
export const localKinds: readonly LocalKind[] = [folder, archive, ociLayout, dockerArchive];
