import { expect, it } from 'vitest';
import { ecosystemOf } from '../../src/advisories/ecosystems.ts';

it.each<[string, string | undefined, readonly string[] | undefined]>([
  ['debian', '12', ['Debian:12']],
  ['debian', undefined, undefined],
  ['ubuntu', '24.04', ['Ubuntu:24.04:LTS']],
  ['ubuntu', '25.10', ['Ubuntu:25.10']],
  ['ubuntu', '25.04', ['Ubuntu:25.04']],
  ['alpine', '3.22.1', ['Alpine:v3.22']],
  ['alpine', '3.23_alpha20250612', undefined],
  ['wolfi', '20230201', ['Wolfi']],
  ['rhel', '9.6', ['Red Hat:enterprise_linux:9::baseos', 'Red Hat:enterprise_linux:9::appstream']],
  ['rocky', '9.6', ['Rocky Linux:9']],
  ['opensuse-leap', '15.6', ['openSUSE:Leap 15.6']],
  ['sles', '15.6', ['SUSE:Linux Enterprise Server 15 SP6', 'SUSE:Linux Enterprise Module for Basesystem 15 SP6']],
  ['azurelinux', '3.0', ['Azure Linux:3']],
  ['amzn', '2023', undefined],
  ['fedora', '42', undefined],
  ['constructor', '1', undefined],
])('%s %s is %j in OSV', (id, versionId, names) => {
  expect(ecosystemOf({ id, ...(versionId !== undefined && { versionId }) })?.names).toEqual(names);
});
