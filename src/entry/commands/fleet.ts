import { PlimsollError } from '../../core/errors.ts';
import { formatReference, parseReference } from '../../core/reference.ts';
import { parseConstraints, satisfies } from '../../packages/versions/constraint.ts';
import { compareVersions } from '../../packages/versions/index.ts';
import { historyCsv, renderHistory, renderStatus, renderWhere, statusCsv, whereCsv } from '../../report/fleet.ts';
import { renderJson } from '../../report/json.ts';
import type { Carrier } from '../../state/fleet.ts';
import { exitCodes } from '../exit-codes.ts';
import { type StateOptions, withState } from '../state-session.ts';

interface FleetOptions extends StateOptions {
  readonly format: 'text' | 'json' | 'csv';
}

/** `plimsoll where PACKAGE [CONSTRAINT]`: the images that carry a package, by the distribution's own version order. */
export async function where(given: Record<string, unknown>, [name = '', text]: string[]): Promise<number> {
  const options = given as unknown as FleetOptions;
  const constraints = text === undefined ? [] : parseConstraints(text);
  if (constraints === undefined) {
    throw new PlimsollError(
      'USAGE',
      `${JSON.stringify(text)} is no version constraint; write one such as "<3.0.16-1" or ">=1.2,<2", in quotes`,
    );
  }
  return withState(options, { readOnly: true }, async ({ store, output }) => {
    const carriers = store.fleet
      .carriers(name)
      .filter(({ scheme, version }) => satisfies(scheme, version, constraints))
      .map(({ fixes, ...one }) => ({ ...one, fixes: fixes.filter((fix) => isNewer(fix, one)) }));
    const asked = text === undefined ? name : `${name} ${text}`;
    await output.result(
      options.format === 'json'
        ? renderJson({ package: name, constraint: text ?? null, images: carriers })
        : options.format === 'csv'
          ? whereCsv(carriers)
          : renderWhere(carriers, asked, output.style),
    );
    return exitCodes.done;
  });
}

/** What would help an older pin of the same tag is no news to an image that carries it. */
function isNewer(fix: Carrier['fixes'][number], { scheme, version }: Pick<Carrier, 'scheme' | 'version'>): boolean {
  return compareVersions(scheme, fix.version, version) > 0;
}

/** `plimsoll status`: what the newest run found, the oldest first. */
export async function status(given: Record<string, unknown>): Promise<number> {
  const options = given as unknown as FleetOptions;
  return withState(options, { readOnly: true }, async ({ store, output }) => {
    const findings = store.fleet.standing();
    const lastRun = store.fleet.lastRun();
    await output.result(
      options.format === 'json'
        ? renderJson({
            lastRun: lastRun === undefined ? null : new Date(lastRun).toISOString(),
            findings: findings.map((one) => ({ ...one, since: new Date(one.since).toISOString() })),
          })
        : options.format === 'csv'
          ? statusCsv(findings)
          : renderStatus(findings, lastRun, output.style),
    );
    return exitCodes.done;
  });
}

/** `plimsoll history IMAGE`: which digests a tag has named, and what was found about it. */
export async function history(given: Record<string, unknown>, [text = '']: string[]): Promise<number> {
  const options = given as unknown as FleetOptions;
  const { registry, repository, tag } = parseReference(text);
  const key = formatReference({ registry, repository, ...(tag !== undefined && { tag }) });
  return withState(options, { readOnly: true }, async ({ store, output, file }) => {
    const histories = store.fleet
      .references(key)
      .map((reference) => ({ reference, events: store.fleet.history(reference) }));
    if (histories.length === 0) {
      output.note(`${key} is not in the state ${file}: no run has looked it up yet`);
      if (options.format === 'text') return exitCodes.done;
    }
    const stamped = histories.map(({ reference, events }) => ({
      reference,
      events: events.map((event) => ({
        ...event,
        first: new Date(event.first).toISOString(),
        last: new Date(event.last).toISOString(),
      })),
    }));
    await output.result(
      options.format === 'json'
        ? renderJson({ images: stamped })
        : options.format === 'csv'
          ? historyCsv(histories)
          : renderHistory(histories, output.style),
    );
    return exitCodes.done;
  });
}
