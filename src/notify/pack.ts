import { limits } from '../core/limits/limits.ts';
import { type Message, newsOfStories, type Story } from '../core/message.ts';
import { grouped } from '../report/say/quantity.ts';
import { briefly, type Density, densities, type StoryText, storyText } from '../report/say/story-text.ts';

/** A rendered story, and what it costs of a service's limits. */
export interface Block<B> {
  readonly story: Story;
  readonly content: B;
  readonly isBrief: boolean;
}

/**
 * The stories of a message as blocks, each in the first density whose rendering fits. The leanest is taken as it is:
 * its bounds must be within those of the service, which its tests see to.
 */
export function blocksOf<B>(
  stories: readonly Story[],
  render: (text: StoryText, isBrief: boolean) => B,
  fits: (content: B) => boolean,
): Block<B>[] {
  return stories.map((story, index) => {
    const isBrief = index >= limits.message.stories.most && stories.length > limits.message.stories.most + 1;
    const choices: readonly [Density, ...Density[]] = isBrief ? [briefly] : densities;
    const last = choices.length - 1;
    for (const density of choices.slice(0, last)) {
      const content = render(storyText(story, density), isBrief);
      if (fits(content)) return { story, content, isBrief };
    }
    return { story, content: render(storyText(story, choices[last] ?? briefly), isBrief), isBrief };
  });
}

/** Blocks in order, as many to a group as fit; a group has at least one. */
export function inGroups<B>(blocks: readonly B[], fits: (group: readonly B[], index: number) => boolean): B[][] {
  const groups: B[][] = [];
  let group: B[] = [];
  for (const block of blocks) {
    if (group.length > 0 && !fits([...group, block], groups.length)) {
      groups.push(group);
      group = [];
    }
    group.push(block);
  }
  if (group.length > 0 || groups.length === 0) groups.push(group);
  return groups;
}

/** The keys of all news that a group of blocks carries. */
export function newsOf(blocks: readonly Block<unknown>[]): string[] {
  return newsOfStories(blocks.map(({ story }) => story));
}

/** The lines under the title: the lead, the problems, what was left out. Each is one line of plain text, not yet safe. */
export function introOf(message: Message): string[] {
  const { lead, problems, more } = message;
  const shown = problems.slice(0, limits.message.problems.most);
  const hidden = problems.length - shown.length;
  return [
    lead,
    ...shown.map(({ subject, message: sentence }) => (subject === undefined ? sentence : `${subject}: ${sentence}`)),
    ...(hidden > 0 ? [`… and ${hidden} more problems`] : []),
    ...(more > 0 ? [`${grouped(more)} more that can wait ${more === 1 ? 'is' : 'are'} not named here`] : []),
  ];
}

/** `title (2 of 3)`. */
export function numbered(title: string, index: number, total: number): string {
  return total === 1 ? title : `${title} (${index + 1} of ${total})`;
}
