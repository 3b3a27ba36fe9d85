import { formatReference, type ImageReference } from '../../core/image/reference.ts';
import type { Labels } from '../connection/answer-fields.ts';

/** Who moves a container of Podman, and the line that somebody runs to have it done; nobody where nothing says so. */
export interface PodmanOwner {
  /** One sentence. */
  readonly why?: string;
  readonly redeploy?: string;
}

/**
 * A container of a systemd unit (Quadlet, podman-generate-systemd) is its unit's: whoever replaced it would be undone. With the label of
 * podman-auto-update(1) another program moves it. A unit is named only where its name can stand in a line as it is. Pure.
 */
export function podmanOwner(labels: Labels, reference: ImageReference, isRootless: boolean): PodmanOwner {
  const unit = labels['PODMAN_SYSTEMD_UNIT'];
  const policy = labels['io.containers.autoupdate'];
  const restart = isUnit(unit) ? `systemctl ${isRootless ? '--user ' : ''}restart ${unit}` : undefined;
  const pull = `podman pull ${formatReference(reference)}`;
  switch (policy) {
    case 'registry':
    case 'image':
      return {
        why: `podman auto-update moves it, by the label io.containers.autoupdate${unit === undefined ? '; it has no unit of systemd, which that needs' : ''}`,
        ...(unit !== undefined && { redeploy: 'podman auto-update' }),
      };
    case 'local':
      return {
        why: 'podman auto-update moves it to what this machine has under its name, by the label io.containers.autoupdate',
        ...(unit !== undefined && { redeploy: `${pull} && podman auto-update` }),
      };
    default:
      if (unit === undefined) return {};
      return {
        why: 'its unit of systemd owns it',
        ...(restart !== undefined && { redeploy: `${pull} && ${restart}` }),
      };
  }
}

function isUnit(unit: string | undefined): unit is string {
  return unit !== undefined && /^[A-Za-z0-9][A-Za-z0-9:_.@-]*\.service$/.test(unit);
}
