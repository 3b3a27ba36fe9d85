import type { ImageGraph } from '../../../core/image/published.ts';
import { visible } from '../../safe/visible.ts';
import { count } from '../../say/quantity.ts';

/** What `plimsoll graph` prints: each published image with what it is made of, in the order of rebuilding. */
export function renderGraph({ nodes, edges, order, cycles }: ImageGraph): string {
  const byImage = new Map(nodes.map((one) => [one.image, one]));
  const published = nodes.filter((one) => one.published);
  if (published.length === 0) {
    return 'nothing is known to be published: "published" in the configuration names what a file is built into\n';
  }
  const lines = (image: string): readonly string[] => {
    const node = byImage.get(image);
    if (node?.published !== true) return [];
    const own = edges.filter(({ child }) => child === image);
    return [
      `${visible(image)}  (${visible(`${node.repository === '.' ? '' : `${node.repository}/`}${node.file}`)})`,
      ...own.map(
        ({ base, kind, line, pinned }) =>
          `    ${kind === 'from' ? 'built on' : kind === 'copy' ? 'copies from' : 'mounts'} ${visible(base)}${pinned ? ', by digest' : ''}, line ${line}`,
      ),
    ];
  };
  const circles = cycles.map((one) => `goes round in a circle: ${one.map(visible).join(' → ')}`);
  const inOrder = new Set([...order.flat(), ...nodes.map(({ image }) => image)]);
  const steps = order.filter((level) => level.some((image) => byImage.get(image)?.published)).length;
  return `${[
    ...[...inOrder].flatMap(lines),
    ...circles,
    '',
    `${count(published.length, 'published image')}, rebuilt in ${count(steps, 'step')}${cycles.length > 0 ? `, and ${count(cycles.length, 'circle')}` : ''}`,
  ].join('\n')}\n`;
}
