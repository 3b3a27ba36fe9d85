import { prose } from '../safe/markdown-text.ts';
import { visible } from '../safe/visible.ts';
import { moreAdvisories } from './advisory-list.ts';

/** Where a publisher shows one of its notices; `$1`… are the groups of the pattern. Each is the address its own lists link to. */
const pages: readonly (readonly [pattern: RegExp, page: string])[] = [
  [/^CVE-\d{4}-\d{4,}$/, 'https://www.cve.org/CVERecord?id=$&'],
  [/^(?:DSA|DLA)-\d+-\d+$/, 'https://security-tracker.debian.org/tracker/$&'],
  [/^USN-\d+-\d+$/, 'https://ubuntu.com/security/notices/$&'],
  [/^RH[SBE]A-\d{4}:\d+$/, 'https://access.redhat.com/errata/$&'],
  [/^RL[SBE]A-\d{4}:\d+$/, 'https://errata.rockylinux.org/$&'],
  [/^EL[SBE]A-\d{4}-\d+$/, 'https://linux.oracle.com/errata/$&.html'],
  [/^FEDORA-(?:EPEL-)?\d{4}-[0-9a-f]{10}$/, 'https://bodhi.fedoraproject.org/updates/$&'],
  [/^ALAS2023-\d{4}-\d+$/, 'https://alas.aws.amazon.com/AL2023/$&.html'],
  [/^ALAS2-(\d{4}-\d+)$/, 'https://alas.aws.amazon.com/AL2/ALAS-$1.html'],
  // AlmaLinux has a page per major version, SUSE one per day and number, which the id does not say; OSV knows them all.
  [
    /^(?:AL[SBE]A-\d{4}:\d+|GHSA(?:-[23456789cfghjmpqrvwx]{4}){3}|(?:open)?SUSE-[SR]U-\d{4}:\d+-\d+|MGASA-\d{4}-\d+|ALPINE-CVE-\d{4}-\d{4,})$/,
    'https://osv.dev/vulnerability/$&',
  ],
];

/** The page of an advisory; undefined for an id of no known form, which then stays text. */
export function advisoryLink(id: string): string | undefined {
  for (const [pattern, page] of pages) {
    const match = pattern.exec(id);
    if (match) return page.replace(/\$([&1])/g, (_, group: string) => match[group === '&' ? 0 : 1] ?? '');
  }
  return undefined;
}

/** The first few ids as Markdown, each a link to its publisher's page where that is known; `unlisted` more are nowhere. */
export function linkedAdvisories(ids: readonly string[], unlisted = 0, most = 4): string {
  const shown = ids.slice(0, most).map((id) => {
    const page = advisoryLink(id);
    return page === undefined ? prose(visible(id)) : `[${id}](${page})`;
  });
  return `${shown.join(', ')}${moreAdvisories(ids.length - most, unlisted)}`;
}
