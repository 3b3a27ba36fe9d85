import type { ChannelRow } from '../../state/memory.ts';
import type { Page } from '../page.ts';
import { paths } from './links.ts';
import { brief, markup } from './markup.ts';
import { dayMark, minuteMark, table } from './parts.ts';

/** Who is told: what each channel has had, and what does not get through. */
export const channelsPage: Page = {
  path: paths.channels,
  async render({ store, config }) {
    const known = new Map((await store.memory.channels()).map((one) => [one.name, one]));
    const configured = new Map(config.notify.map((one) => [one.name, one]));
    const names = [...new Set([...configured.keys(), ...known.keys()])].sort();
    return {
      status: 200,
      title: 'Channels',
      body: markup`<h1>Channels</h1>
${
  names.length === 0
    ? markup`<p>The configuration names no channel ("notify"): nobody is told.</p>`
    : table(
        'Who is told, and whether it gets through',
        [
          { name: 'Channel' },
          { name: 'Type' },
          { name: 'When' },
          { name: 'News told', kind: 'number' },
          { name: 'Told last' },
          { name: 'Trouble' },
        ],
        names.map((name) => {
          const { type, mode } = configured.get(name) ?? {};
          const row = known.get(name);
          return [
            brief(name),
            type === undefined ? markup`<span class="dim">not configured any more</span>` : type,
            mode ?? '',
            row?.delivered ?? 0,
            row?.last === undefined ? markup`<span class="dim">never</span>` : minuteMark(row.last),
            troubleOf(row),
          ];
        }),
      )
}`,
    };
  },
};

function troubleOf(row: ChannelRow | undefined) {
  if (row?.trouble === undefined) return markup`<span class="dim">none known</span>`;
  const { code, first, runs } = row.trouble;
  return markup`<b class="bad">${brief(code)}</b> in ${runs === 1 ? 'the last run' : `${runs} runs`}, since ${dayMark(first)}; what it has not had is tried again`;
}
