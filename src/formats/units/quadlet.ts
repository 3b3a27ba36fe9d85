import { behind, type FoundValues, type ImageValue, type Unread, valuesReader } from '../text/image-values.ts';
import { rangeOf, slice, spanOf, type Traced, trimmed } from '../text/traced.ts';
import { readUnit, type Setting } from './unit-file.ts';

/**
 * Units of podman's generator (podman-systemd.unit(5)): `Image=` of containers, images and volumes, and images that are
 * mounted. Of a setting that is there several times the last one holds. What it names may be another unit, or lie on the
 * machine; `%` and `$` are systemd's.
 */
export const reader = valuesReader({
  name: 'quadlet',
  recognises: (text) =>
    /^[ \t\ufeff]*\[(?:Container|Image|Volume)\]/m.test(text) && valuesOf(readUnit(text)).length > 0,
  find: (text): FoundValues => ({ values: valuesOf(readUnit(text)), problems: [] }),
});

function valuesOf(settings: readonly Setting[]): readonly ImageValue[] {
  const last = new Map(settings.map((one) => [`${one.section} ${one.key}`, one.value]));
  const said = (section: string, key: string): string => last.get(`${section} ${key}`)?.text ?? '';
  const platform = platformOf(said('Image', 'OS'), said('Image', 'Arch'), said('Image', 'Variant'));
  const labels = settings.filter(({ section, key }) => section === 'Container' && key === 'Label');
  const isFollowed =
    said('Container', 'AutoUpdate') === 'registry' ||
    labels.some(({ value }) => /(?:^|\s)["']?io\.containers\.autoupdate=["']?registry\b/.test(value.text));
  const named = (section: string, about: Partial<ImageValue> = {}): ImageValue[] => {
    const value = last.get(`${section} Image`);
    return value === undefined ? [] : imageIn(unquoted(value), 'image', about);
  };
  return [
    ...named('Container', isFollowed ? { skipped: 'owned', why: followed } : {}),
    ...named('Image', platform === undefined ? {} : { platform }),
    ...(said('Volume', 'Driver') === 'image' ? named('Volume') : []),
    ...settings.flatMap((one) => (one.section === 'Container' && one.key === 'Mount' ? mountedIn(one.value) : [])),
  ];
}

/** A digest would make `podman auto-update` fail, and is meant to (containers/podman#21190). */
const followed = 'podman itself follows this tag (AutoUpdate=registry), and a digest would keep it from doing so';

function platformOf(os: string, architecture: string, variant: string): string | undefined {
  const parts = [os || 'linux', architecture, variant].filter((part) => part !== '');
  const isPlain = architecture !== '' && parts.every((part) => /^[a-z0-9]+$/.test(part));
  return isPlain ? parts.join('/') : undefined;
}

/** The generator takes double quotes off both ends. */
function unquoted(value: Traced): Traced {
  const start = /^"*/.exec(value.text)?.[0].length ?? 0;
  let end = value.text.length;
  while (end > start && value.text[end - 1] === '"') end--;
  return trimmed(slice(value, start, end));
}

/** `type=image,source=NAME,…` */
function mountedIn(value: Traced): ImageValue[] {
  let isImage = false;
  let source: Traced | undefined;
  for (let at = 0; at <= value.text.length; ) {
    const comma = value.text.indexOf(',', at);
    const end = comma < 0 ? value.text.length : comma;
    const option = trimmed(slice(value, at, end));
    if (option.text === 'type=image') isImage = true;
    const key = /^(?:source|src)=/.exec(option.text)?.[0];
    if (key !== undefined) source = slice(option, key.length);
    at = end + 1;
  }
  return isImage && source !== undefined ? imageIn(source, 'mount', {}) : [];
}

/** Other units, root file systems, and transports that reach no registry (containers-transports(5)). */
const elsewhere = /\.(?:image|build)$|^[/.]|^(?:dir|oci|oci-archive|docker-archive|docker-daemon|containers-storage):/;

function imageIn(value: Traced, kind: string, about: Partial<ImageValue>): ImageValue[] {
  if (value.text === '' || elsewhere.test(value.text)) return [];
  const isBuilt = value.text.startsWith('localhost/');
  return [
    {
      at: { name: spanOf(value, 0) },
      kind,
      role: 'runs',
      text: readText(value.text.startsWith('docker://') ? behind(value, 'docker://') : value),
      ...(rangeOf(value) === undefined && { fixed: 'it goes on in another line; write it in one' }),
      ...(isBuilt && { skipped: 'output', why: 'it is built on the machine it runs on' }),
      ...about,
    },
  ];
}

function readText(text: Traced): Traced | Unread {
  return /%|\$\{?\w/.test(text.text) ? { skipped: 'template', why: 'systemd fills in a part of it' } : text;
}
