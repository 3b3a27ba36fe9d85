import type { Limit, Limits } from '../src/core/limits/limit.ts';
import { limits } from '../src/core/limits/limits.ts';

const titles: Readonly<Record<keyof typeof limits, readonly [title: string, about: string]>> = {
  file: ['Files', 'One file that is looked into for images.'],
  tree: [
    'Trees, repositories and configuration',
    'One tree on disk or repository, and the configuration it is read with.',
  ],
  image: ['Images', 'One image: its documents, its layers and its packages.'],
  settings: ['Settings of package managers', 'What apt, apk, dnf and zypper are configured with in one image.'],
  registry: ['Registries', 'One registry, beside what holds for every host.'],
  host: ['Hosts', 'One host that is asked over HTTP: a registry, a mirror, a feed, a forge.'],
  archive: ['Package repositories', 'One repository that an image enables.'],
  signature: ['Signatures and SBOMs', 'What is attached to one image.'],
  feed: ['Advisories', 'One feed, or one folder, of advisories.'],
  serve: ['Daemon', 'What `plimsoll serve` takes from others, and waits for.'],
  engine: ['Engines', 'One engine that is asked what it runs.'],
  report: ['Reports', 'One report or page. The JSON report has every finding.'],
  proposal: ['Pull requests', 'One pull request, or the issue of its repository.'],
  message: [
    'Messages',
    'One message, and the post that carries it. What a service itself prescribes is in [channels.md](channels.md).',
  ],
  state: ['State', 'What is kept between runs.'],
  run: ['Runs', 'One run.'],
  worker: ['Workers', 'Runs that several workers make.'],
};

const head = `# Limits

<!-- Made by "npm run build" of src/core/limits/. -->

Registries, mirrors, images and files are written by others, so everything that is read of them is bounded, and so is every
wait. What is beyond a bound is counted, told as a problem, or makes the answer unknown: never does it pass for nothing. Where
no configuration is named these numbers are fixed; [configuration.md](configuration.md) has those that can be set.
`;

/** docs/limits.md: a section per group, a table of its bounds. */
export function limitsPage(): string {
  const groups = Object.entries(limits) as readonly [keyof typeof limits, Limits][];
  const sections = groups.map(([group, all]) => {
    const [title, about] = titles[group];
    const rows = Object.values(all).map(
      (one) => `| ${cell(one.what)} | ${amount(one)} | ${cell(one.met)} | ${cell(one.why)} |`,
    );
    return [
      `## ${title}`,
      '',
      about,
      '',
      '| What | At most | Beyond that | Why |',
      '| --- | --- | --- | --- |',
      ...rows,
    ].join('\n');
  });
  return `${head}\n${sections.join('\n\n')}\n`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

function amount({ most, unit }: Limit): string {
  const number = most.toLocaleString('en-US');
  switch (unit) {
    case 'count':
      return number;
    case 'characters':
      return `${number} characters`;
    case 'ratio':
      return `${number} to 1`;
    case 'speed':
      return `at least ${most} kB/s`;
    case 'bytes':
      return scaled(most, 1024, ['bytes', 'KiB', 'MiB', 'GiB']);
    case 'milliseconds':
      return duration(most);
  }
}

/** In the largest unit that leaves a whole number. */
function scaled(most: number, step: number, units: readonly string[]): string {
  let [value, at] = [most, 0];
  while (value % step === 0 && at < units.length - 1) [value, at] = [value / step, at + 1];
  return `${value.toLocaleString('en-US')} ${units[at]}`;
}

function duration(milliseconds: number): string {
  const units: readonly (readonly [size: number, name: string])[] = [
    [86_400_000, 'days'],
    [3_600_000, 'hours'],
    [60_000, 'minutes'],
    [1000, 'seconds'],
  ];
  const [size, name] = units.find(([own]) => milliseconds % own === 0 && milliseconds > own) ?? [1, 'milliseconds'];
  return `${milliseconds / size} ${name}`;
}
