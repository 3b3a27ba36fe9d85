import { PlimsollError } from '../errors.ts';
import { didYouMean } from '../nearest-word.ts';

/** os/architecture[/variant], in the spelling of the OCI image-spec (GOOS, GOARCH). */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant?: string;
  /** Windows build, such as `10.0.17763`. */
  readonly osVersion?: string;
  readonly osFeatures?: readonly string[];
}

const knownOs = new Set(
  'aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris windows zos'.split(
    ' ',
  ),
);
const knownArchitectures = new Set(
  '386 amd64 amd64p32 arm armbe arm64 arm64be ppc64 ppc64le loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le ppc riscv riscv64 s390 s390x sparc sparc64 wasm'.split(
    ' ',
  ),
);

/**
 * Parses `os`, `architecture`, `os/architecture` or `os/architecture/variant`, by containerd's rules
 * (github.com/containerd/platforms, platforms.go); a bare os or architecture is completed with linux/amd64.
 * Throws PlimsollError 'PLATFORM'.
 */
export function parsePlatform(text: string): Platform {
  const parts = text.split('/');
  const [first = '', second, third] = parts;
  const os = /^([A-Za-z0-9_-]+)(?:\(([A-Za-z0-9_.%-]*)((?:\+[A-Za-z0-9_.%-]+)*)\))?$/.exec(first);
  if (os === null || parts.length > 3 || parts.slice(1).some((part) => !/^[A-Za-z0-9_.-]+$/.test(part))) {
    throw invalid(text, 'expected os, architecture, os/architecture or os/architecture/variant');
  }
  const name = normalizeOs(os[1] ?? '');
  const options = osOptions(text, os[2] ?? '', os[3] ?? '');
  if (second === undefined) {
    if (knownOs.has(name)) return { os: name, architecture: 'amd64', ...options };
    const bare = normalizeArchitecture(first, '');
    if (knownArchitectures.has(bare.architecture)) return { os: 'linux', ...withoutArmV7(bare) };
    throw invalid(text, 'neither a known operating system nor a known architecture');
  }
  if (third === undefined) return { os: name, ...withoutArmV7(normalizeArchitecture(second, '')), ...options };
  const full = normalizeArchitecture(second, third);
  const variant = full.architecture === 'arm64' && full.variant === '' ? 'v8' : full.variant;
  return { os: name, architecture: full.architecture, ...(variant !== '' && { variant }), ...options };
}

/**
 * The same for what a person typed: an operating system and an architecture that nobody has are a slip. Throws
 * PlimsollError 'PLATFORM' with those that there are.
 */
export function parseKnownPlatform(text: string): Platform {
  const platform = parsePlatform(text);
  for (const [part, name, known] of [
    ['operating system', platform.os, knownOs],
    ['architecture', platform.architecture, knownArchitectures],
  ] as const) {
    if (known.has(name)) continue;
    const words = [...known];
    throw invalid(
      text,
      `${JSON.stringify(name)} is no ${part}; there are ${words.join(', ')}${didYouMean(name, words)}`,
    );
  }
  return platform;
}

/** `linux/arm/v7`; os version and features are left out, as in `docker build --platform`. */
export function formatPlatform(platform: Platform): string {
  return [platform.os, platform.architecture, ...(platform.variant ? [platform.variant] : [])].join('/');
}

/**
 * Would a build for `wanted` take an image of platform `offered`? Equal after normalisation, so `arm` and `arm/v7`,
 * `arm64` and `arm64/v8`, `amd64` and `amd64/v1` are the same. A wanted Windows build must match in its first three numbers.
 */
export function platformMatches(wanted: Platform, offered: Platform): boolean {
  const a = normalizePlatform(wanted);
  const b = normalizePlatform(offered);
  if (a.os !== b.os || a.architecture !== b.architecture || a.variant !== b.variant) return false;
  if (a.os !== 'windows' || !wanted.osVersion || !offered.osVersion) return true;
  return windowsBuild(wanted.osVersion) === windowsBuild(offered.osVersion);
}

/** The build of a version of Windows, `10.0.20348` of `10.0.20348.2582`: what a machine's own must be equal to. */
export function windowsBuild(osVersion: string): string {
  return osVersion.split('.').slice(0, 3).join('.');
}

function normalizePlatform(platform: Platform): { os: string; architecture: string; variant: string } {
  return { os: normalizeOs(platform.os), ...normalizeArchitecture(platform.architecture, platform.variant ?? '') };
}

function normalizeOs(os: string): string {
  const lower = os.toLowerCase();
  return lower === 'macos' ? 'darwin' : lower;
}

function normalizeArchitecture(architecture: string, variant: string): { architecture: string; variant: string } {
  const arch = architecture.toLowerCase();
  const v = variant.toLowerCase();
  switch (arch) {
    case 'i386':
      return { architecture: '386', variant: '' };
    case 'x86_64':
    case 'x86-64':
    case 'amd64':
      return { architecture: 'amd64', variant: v === 'v1' ? '' : v };
    case 'aarch64':
    case 'arm64':
      return { architecture: 'arm64', variant: v === '8' || v === 'v8' ? '' : v };
    case 'armhf':
      return { architecture: 'arm', variant: 'v7' };
    case 'armel':
      return { architecture: 'arm', variant: 'v6' };
    case 'arm':
      if (v === '' || v === '7') return { architecture: 'arm', variant: 'v7' };
      return { architecture: 'arm', variant: /^[568]$/.test(v) ? `v${v}` : v };
    default:
      return { architecture: arch, variant: v };
  }
}

/** containerd leaves the most common arm variant unsaid unless all three components were written. */
function withoutArmV7(p: { architecture: string; variant: string }): Pick<Platform, 'architecture' | 'variant'> {
  const unsaid = p.variant === '' || (p.architecture === 'arm' && p.variant === 'v7');
  return { architecture: p.architecture, ...(!unsaid && { variant: p.variant }) };
}

function osOptions(text: string, version: string, features: string): Pick<Platform, 'osVersion' | 'osFeatures'> {
  const list = features === '' ? [] : features.slice(1).split('+');
  return {
    ...(version !== '' && { osVersion: decodeOption(text, version) }),
    ...(list.length > 0 && { osFeatures: list.map((feature) => decodeOption(text, feature)) }),
  };
}

function decodeOption(text: string, option: string): string {
  try {
    return decodeURIComponent(option);
  } catch {
    throw invalid(text, `${JSON.stringify(option)} is not percent-encoded text`);
  }
}

function invalid(text: string, why: string): PlimsollError {
  return new PlimsollError('PLATFORM', `not a platform: ${JSON.stringify(text.slice(0, 140))}: ${why}`);
}
