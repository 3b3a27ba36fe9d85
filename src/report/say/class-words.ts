import type { NewsClass } from '../../core/news.ts';

interface ClassWords {
  /** Above the stories of one class. */
  readonly section: string;
  /** How a title tells one story; `%` is what it is about. */
  readonly one: string;
  /** How a title tells several; `#` is their number. */
  readonly many: string;
}

/** The classes in words, for headings and titles. What a finding means is in its own reason. */
export const classWords: Readonly<Record<NewsClass, ClassWords>> = {
  'pin-broken': { section: 'The next build fails', one: 'broken pin: %', many: '# broken pins' },
  security: { section: 'Security fixes', one: 'security fixes for %', many: 'security fixes for # images' },
  packages: { section: 'Package updates', one: 'package updates for %', many: 'package updates for # images' },
  config: {
    section: 'Configuration changes',
    one: '% changes its configuration',
    many: '# images change their configuration',
  },
  content: { section: 'Other content', one: 'other content in %', many: 'other content in # images' },
  redeployed: { section: 'What runs', one: '%', many: '# redeploys' },
  dispatch: { section: 'Rebuilds', one: '%', many: '# rebuilds' },
  unwatched: { section: 'Not watched any more', one: '% is not watched any more', many: '# are not watched any more' },
  unreadable: { section: 'Files that cannot be read', one: '% cannot be read', many: '# files cannot be read' },
  unwritable: {
    section: 'Pull requests that cannot be opened',
    one: 'nothing can be proposed in %',
    many: 'nothing can be proposed in # repositories',
  },
  unchecked: { section: 'Could not be asked', one: '% could not be asked', many: '# hosts could not be asked' },
  unknown: { section: 'Could not be checked', one: '% could not be checked', many: '# could not be checked' },
  rebuild: { section: 'Built again', one: '% was built again', many: '# images were built again' },
  'no-op': {
    section: 'Nothing that matters moved',
    one: '% moved without a change',
    many: '# images moved without a change',
  },
  unpinned: { section: 'Without a digest', one: '% has no digest', many: '# images have no digest' },
  stale: {
    section: 'Published on an older base',
    one: '% was built on an older base',
    many: '# published images were built on an older base',
  },
  lagging: {
    section: 'Behind the distribution',
    one: '% lags behind its distribution',
    many: '# images lag behind their distribution',
  },
  'newer-tag': { section: 'Newer versions', one: 'a newer version of %', many: 'newer versions of # images' },
  'end-of-life': { section: 'Out of support', one: '% is out of support', many: '# images are out of support' },
};

/** What stands above a story; over what is over no `The next build fails`, nor over what is nowhere built. */
export function sectionOf({
  class: kind,
  isOver,
  places = [],
}: {
  readonly class: NewsClass;
  readonly isOver?: true;
  readonly places?: readonly { readonly workload?: string }[];
}): string {
  if (isOver) return 'Resolved';
  const isRunning = places.length > 0 && places.every(({ workload }) => workload !== undefined);
  return kind === 'pin-broken' && isRunning ? 'The next pull fails' : classWords[kind].section;
}
