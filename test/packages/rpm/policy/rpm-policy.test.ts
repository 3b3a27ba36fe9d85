import { describe, expect, it } from 'vitest';
import { lockListPaths, readRpmPolicy } from '../../../../src/packages/rpm/policy/rpm-policy.ts';
import type { Build } from '../../../../src/packages/rpm/rpm-view.ts';

const list = 'etc/dnf/plugins/versionlock.list';
const conf = 'etc/dnf/plugins/versionlock.conf';
const toml = 'etc/dnf/versionlock.toml';
const enabled = `[main]\nenabled = 1\nlocklist = /${list}\n`;
type Texts = Readonly<Record<string, string>>;
const filesOf = (texts: Texts) => new Map(Object.entries(texts).map(([path, text]) => [path, Buffer.from(text)]));
const read = (texts: Texts, main: ReadonlyMap<string, string> = new Map()) => readRpmPolicy(filesOf(texts), main);
const build = (text: string): Build => {
  const [, name = '', version = '', architecture = ''] = /^(.+?)-((?:\d+:)?[\d.]+-[^-]+)\.([^.]+)$/.exec(text) ?? [];
  return { name, version, architecture };
};
const allowed = (texts: Texts, builds: readonly string[]): readonly string[] => {
  const { policy, problems } = read(texts);
  expect(problems).toEqual([]);
  return builds.filter((one) => policy.allows(build(one)));
};
const offers = ['a-1.0-1.x86_64', 'a-1.1-1.x86_64', 'a-2:1.1-1.x86_64', 'ab-1.1-1.x86_64', 'python3-pip-9-1.noarch'];

describe('the list of versions that dnf 4 and yum lock', () => {
  it.each<[string, string, readonly string[]]>([
    ['nothing', '# a-0:1.0-1.*\n\n', offers],
    ['a version, as dnf writes it', 'a-0:1.0-1.*', ['a-1.0-1.x86_64', 'ab-1.1-1.x86_64', 'python3-pip-9-1.noarch']],
    ['a version, as yum writes it', '0:a-1.0-1.*', ['a-1.0-1.x86_64', 'ab-1.1-1.x86_64', 'python3-pip-9-1.noarch']],
    ['one of two', 'a-0:1.0-1.*\na-0:1.1-1.*', offers.filter((one) => !one.includes('2:'))],
    ['another epoch', 'a-2:1.1-1.*', ['a-2:1.1-1.x86_64', 'ab-1.1-1.x86_64', 'python3-pip-9-1.noarch']],
    ['a version alone', 'a-1.0', ['a-1.0-1.x86_64', 'ab-1.1-1.x86_64', 'python3-pip-9-1.noarch']],
    ['a name with a dash, and nobody else', 'python3-pip-0:8-1.*', offers.slice(0, 4)],
    ['a name', 'a', offers],
    ['what is shut out', '!a-0:1.1-1.*', offers.filter((one) => one !== 'a-1.1-1.x86_64')],
    ['a glob of names', 'a*-0:1.1-1.*', ['a-1.1-1.x86_64', 'ab-1.1-1.x86_64', 'python3-pip-9-1.noarch']],
  ])('%s', (_name, text, expected) => {
    expect(allowed({ [conf]: enabled, [list]: text }, offers)).toEqual(expected);
  });

  const locks = { [list]: 'a-0:1.0-1.*' };
  it.each<[string, Texts, ReadonlyMap<string, string>, boolean]>([
    ['is in force without a configuration', locks, new Map(), true],
    ['is not when the plugin is off', { ...locks, [conf]: enabled.replace('= 1', '= 0') }, new Map(), false],
    ['is not when no plugin is on', { ...locks, [conf]: enabled }, new Map([['plugins', '0']]), false],
    ['is not when another is named', { ...locks, [conf]: '[main]\nlocklist=/srv/l\n', 'srv/l': '' }, new Map(), false],
    ['is the one that is named', { [conf]: '[main]\nlocklist=/srv/l\n', 'srv/l': 'a-1.0-1' }, new Map(), true],
    ['is yum’s', { 'etc/yum/pluginconf.d/versionlock.list': '0:a-1.0-1.*' }, new Map(), true],
  ])('%s', (_name, texts, main, isLocked) => {
    const { policy, problems } = read(texts, main);
    expect(problems).toEqual([]);
    expect(policy.allows(build('a-1.1-1.x86_64'))).toBe(!isLocked);
  });

  it('is looked for where the configuration says', () => {
    expect(lockListPaths(filesOf({ [conf]: '[main]\nlocklist=/srv/l\n' }))).toEqual(['srv/l']);
  });

  it('is followed to its end', () => {
    const others = Array.from({ length: 999 }, (_, n) => `b${n}-0:1.0-1.*`);
    expect(allowed({ [conf]: enabled, [list]: [...others, 'a-0:1.0-1.*'].join('\n') }, offers)).toEqual([
      'a-1.0-1.x86_64',
      'ab-1.1-1.x86_64',
      'python3-pip-9-1.noarch',
    ]);
    const { problems } = read({ [conf]: enabled, [list]: [...others, 'c', 'a-0:1.0-1.*'].join('\n') });
    expect(problems).toMatchObject([{ code: 'rpm-locks-unread' }]);
  });

  it('is not read when it is longer than any, wherever it lies', () => {
    const texts = { [conf]: '[main]\nlocklist=/srv/l\n', 'srv/l': `${'#'.repeat(1024 * 1024)}\na-1.0-1\n` };
    expect(read(texts).problems).toMatchObject([{ code: 'rpm-locks-unread', subject: 'srv/l' }]);
  });

  it('is a problem when it is named and not there', () => {
    expect(read({ [conf]: enabled }).problems).toMatchObject([{ code: 'rpm-locks-unread', subject: list }]);
  });
});

describe('the versions that dnf5 locks', () => {
  const entry = (name: string, ...conditions: readonly string[]): string =>
    [
      '[[packages]]',
      `name = "${name}" # why`,
      ...conditions.flatMap((one) => {
        const [key, comparator, value] = one.split(' ');
        return ['[[packages.conditions]]', `key = "${key}"`, `comparator = "${comparator}"`, `value = '${value}'`];
      }),
      '',
    ].join('\n');

  it.each<[string, string, readonly string[]]>([
    ['one version', entry('a', 'evr = 0:1.0-1'), ['a-1.0-1.x86_64', 'ab-1.1-1.x86_64', 'python3-pip-9-1.noarch']],
    ['all but one', entry('a', 'evr != 1.1-1'), offers.filter((one) => one !== 'a-1.1-1.x86_64')],
    ['a range', entry('a', 'evr >= 1.1', 'evr < 2'), offers.slice(1).filter((one) => !one.includes('2:'))],
    [
      'one of two ranges',
      entry('a', 'evr < 1.1') + entry('a', 'epoch = 2'),
      offers.filter((one) => one !== 'a-1.1-1.x86_64'),
    ],
    ['an architecture', entry('a*', 'arch = noarch'), ['python3-pip-9-1.noarch']],
    ['nothing', 'version = "1.0"\n', offers],
  ])('%s', (_name, text, expected) => {
    expect(allowed({ [toml]: `version = "1.0"\n${text}` }, offers)).toEqual(expected);
  });

  it.each([
    ['another form of TOML', 'packages = [{ name = "a" }]'],
    ['an unknown key', entry('a', 'vendor = x')],
    ['an unknown comparator', entry('a', 'evr ~ 1')],
    ['a condition of nothing', '[[packages.conditions]]\nkey = "evr"'],
    ['an entry without a name', '[[packages]]\ncomment = "x"'],
    ['something else', '<html>'],
  ])('are a problem when they cannot be read: %s', (_name, text) => {
    expect(read({ [toml]: text }).problems).toMatchObject([{ code: 'rpm-locks-unread', subject: toml }]);
  });
});

it.each<[string, Texts, ReadonlyMap<string, string>, string]>([
  ['dnf', {}, new Map(), 'all'],
  ['dnf that is told to', {}, new Map([['obsoletes', 'True']]), 'all'],
  ['dnf that is told not to', {}, new Map([['obsoletes', 'False']]), 'none'],
  ['zypper', { 'etc/zypp/zypp.conf': '' }, new Map(), 'first'],
])('what replaces a package under its own name: %s', (_name, texts, main, expected) => {
  expect(read(texts, main).policy.replacements).toBe(expected);
});

describe('zypper', () => {
  const zypp = 'etc/zypp/zypp.conf';
  const may = (texts: Texts, from: string, to: string): boolean => read(texts).policy.mayFollow(from, to);

  it.each<[string, Texts, string, string, boolean]>([
    ['its own vendor', { [zypp]: '' }, 'X', 'x', true],
    ['no vendor', { [zypp]: '' }, '', '', true],
    ['another', { [zypp]: '' }, 'X', 'Y', false],
    ['one that says nothing', { [zypp]: '' }, 'X', '', false],
    ['SUSE as SUSE', { [zypp]: '' }, 'SUSE LLC <https://www.suse.com/>', 'SUSE Linux Products GmbH', true],
    ['openSUSE as SUSE', { [zypp]: '' }, 'SUSE LLC', 'openSUSE', false],
    ['a class', { 'etc/zypp/vendors.d/a': '[main]\nvendors = suse, openSUSE\n' }, 'SUSE LLC', 'opensuse', true],
    ['any', { [zypp]: '[main]\nsolver.allowVendorChange = true\n' }, 'X', 'Y', true],
    ['any, for dnf', {}, 'X', 'Y', true],
  ])('takes %s', (_name, texts, from, to, expected) => {
    expect(may(texts, from, to)).toBe(expected);
  });

  it('says when there are more classes of vendors than are read', () => {
    const classes = (count: number): Texts =>
      Object.fromEntries(
        Array.from({ length: count }, (_, n) => [`etc/zypp/vendors.d/${1000 + n}`, `[main]\nvendors = a${n}, b${n}\n`]),
      );
    expect(read(classes(200)).problems).toEqual([]);
    expect(may(classes(200), 'A199', 'B199')).toBe(true);
    expect(read(classes(201)).problems).toMatchObject([{ code: 'zypp-vendors-unread' }]);
  });

  it.each([
    'type: package\nmatch_type: regex\nsolvable_name: a.*',
    'type: package\nsolvable_summary: a',
    'type: package\nsolvable_name: a\nversion: ~ 1',
    'type: package\nquery_string: a',
  ])('has locks that are not followed, and they are a problem: %j', (text) => {
    expect(read({ 'etc/zypp/locks': text }).problems).toMatchObject([{ code: 'rpm-locks-unread' }]);
  });

  it.each([
    ['all', true, false],
    ['installed', true, true],
    ['not-installed', false, false],
  ])('locks by status: %s', (status, keeps, allows) => {
    const text = `type: package\nmatch_type: word\nsolvable_name: a\ninstall_status: ${status}\n`;
    const { policy } = read({ 'etc/zypp/locks': text });
    expect([policy.keeps(build('a-1-1.noarch')), policy.allows(build('a-1-1.noarch'))]).toEqual([keeps, allows]);
    expect(policy.allows(build('ab-1-1.noarch'))).toBe(true);
  });
});
