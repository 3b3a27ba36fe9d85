import { readdirSync } from 'node:fs';
import type { AdvisorySettings, ArchiveSettings } from '../config/settings.ts';
import { messageOf } from '../core/errors.ts';
import type { HttpClient } from '../http/http-client.ts';
import { count } from '../report/say/quantity.ts';
import type { Diagnosis } from './diagnose-registries.ts';

/** What `doctor` tries of archives and advisories: what is configured, and who was silent of late. */
export interface ArchiveDiagnosisRequest {
  readonly archives: ArchiveSettings;
  readonly advisories: AdvisorySettings;
  /** Hosts that the newest run could not ask, by the state. */
  readonly silent: readonly { readonly host: string; readonly since: string }[];
}

/**
 * Whom runs ask about packages: the mirrors and folders of the configuration, and who says which changes are fixes. Which
 * archives images name themselves is known when a run looks into them; those that were silent then are told from the state.
 */
export async function diagnoseArchives(
  { archives, advisories, silent }: ArchiveDiagnosisRequest,
  http: Pick<HttpClient, 'request'>,
): Promise<readonly Diagnosis[]> {
  const offline = archives.offline === null ? [] : [folder(archives.offline, 'archives.offline')];
  const mirrors = Object.values(archives.mirrors).map((address) => mirror(address, http));
  const skipped = archives.skip.map(
    (glob): Diagnosis => ({ subject: glob, state: 'doubtful', findings: ['left alone (archives.skip): not covered'] }),
  );
  const quiet = silent.map(
    ({ host, since }): Diagnosis => ({
      subject: host,
      state: 'bad',
      findings: [`the newest run could not ask it; silent since ${since}`],
    }),
  );
  return [...offline, ...(await Promise.all([...mirrors, ...feedOf(advisories, http)])), ...skipped, ...quiet];
}

function folder(name: string, key: string): Diagnosis {
  try {
    const entries = readdirSync(name).length;
    return entries === 0
      ? { subject: name, state: 'bad', findings: [`${key} is empty: nothing can be known from it`] }
      : { subject: name, state: 'good', findings: [`${key} has ${count(entries, 'entry', 'entries')}`] };
  } catch (error) {
    return { subject: name, state: 'bad', findings: [`${key} cannot be read: ${messageOf(error)}`] };
  }
}

async function mirror(address: string, http: Pick<HttpClient, 'request'>): Promise<Diagnosis> {
  const { host } = new URL(address);
  return asked(host, async () => {
    const url = new URL(address);
    const { status, discard } = await http.request({ method: 'GET', url, destination: 'archive', reach: 'loopback' });
    discard();
    if (status < 400) return { state: 'good', findings: [`the mirror answers ${status}`] };
    // Many list no folders; only a run knows which files it is asked for.
    const why = `the mirror answers ${status} for its own address; what it lacks is not checked in runs`;
    return { state: status < 500 ? 'doubtful' : 'bad', findings: [why] };
  });
}

function feedOf(advisories: AdvisorySettings, http: Pick<HttpClient, 'request'>): Promise<Diagnosis>[] {
  switch (advisories.kind) {
    case 'off': {
      const findings = ['advisories are off: only archives say which changes are fixes'];
      return [Promise.resolve({ subject: 'advisories', state: 'doubtful', findings })];
    }
    case 'folder':
      return [Promise.resolve(folder(advisories.folder, 'advisories'))];
    case 'osv': {
      const base = new URL(advisories.base);
      const url = new URL('v1/querybatch', `${base.href.replace(/\/*$/, '')}/`);
      return [
        asked(base.host, async () => {
          const { status, discard } = await http.request({
            method: 'POST',
            url,
            body: '{"queries":[]}',
            headers: { 'content-type': 'application/json' },
            destination: 'advisory',
            reach: 'loopback',
          });
          discard();
          return status === 200
            ? { state: 'good', findings: ['it answers for advisories'] }
            : { state: 'bad', findings: [`it answers ${status}, so which changes are fixes is not checked`] };
        }),
      ];
    }
  }
}

async function asked(host: string, ask: () => Promise<Pick<Diagnosis, 'state' | 'findings'>>): Promise<Diagnosis> {
  try {
    return { subject: host, ...(await ask()) };
  } catch (error) {
    return { subject: host, state: 'bad', findings: [messageOf(error)] };
  }
}
