import { describe, expect, it } from 'vitest';
import { advisoryLink, linkedAdvisories } from '../../../src/report/say/advisory-links.ts';
import { hostileTexts } from '../../support/hostile-texts.ts';

describe('the page of an advisory', () => {
  it.each([
    ['CVE-2026-1234', 'https://www.cve.org/CVERecord?id=CVE-2026-1234'],
    ['DSA-5867-1', 'https://security-tracker.debian.org/tracker/DSA-5867-1'],
    ['DLA-4001-1', 'https://security-tracker.debian.org/tracker/DLA-4001-1'],
    ['USN-7000-1', 'https://ubuntu.com/security/notices/USN-7000-1'],
    ['RHSA-2026:0001', 'https://access.redhat.com/errata/RHSA-2026:0001'],
    ['RLSA-2026:0001', 'https://errata.rockylinux.org/RLSA-2026:0001'],
    ['ELSA-2026-0001', 'https://linux.oracle.com/errata/ELSA-2026-0001.html'],
    ['FEDORA-2026-0123456789', 'https://bodhi.fedoraproject.org/updates/FEDORA-2026-0123456789'],
    ['ALAS2023-2026-100', 'https://alas.aws.amazon.com/AL2023/ALAS2023-2026-100.html'],
    ['ALAS2-2026-100', 'https://alas.aws.amazon.com/AL2/ALAS-2026-100.html'],
    ['ALSA-2026:0001', 'https://osv.dev/vulnerability/ALSA-2026:0001'],
  ])('of %s', (id, page) => {
    expect(advisoryLink(id)).toBe(page);
  });

  it.each(['', 'CVE-1', 'XSA-1', 'CVE-2026-1234)', 'CVE-2026-1234\n', ...hostileTexts.map(([, text]) => text)])(
    'is none for %j',
    (id) => {
      expect(advisoryLink(id)).toBeUndefined();
    },
  );
});

it('lists a few, and counts the rest', () => {
  expect(linkedAdvisories(['DSA-1-1', 'odd_id'])).toBe(
    '[DSA-1-1](https://security-tracker.debian.org/tracker/DSA-1-1), odd\\_id',
  );
  expect(linkedAdvisories(['a', 'b', 'c', 'd', 'e', 'f'])).toBe('a, b, c, d and 2 more');
});
