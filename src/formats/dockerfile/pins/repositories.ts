import type { Instruction } from '../syntax/instructions.ts';

const folders =
  /\/etc\/apt\/(?:sources|preferences|apt\.conf)|\/etc\/apk\/repositories|\/etc\/(?:yum\.repos|zypp\/repos)\.d|\/etc\/dnf\//;
const commands =
  /\b(?:add-apt-repository|apt-add-repository|extrepo|yum-config-manager|config-manager|zypper\b[^;&|]*\b(?:ar|addrepo)|dpkg --add-architecture)\b|\bapk\b[^;&|\n]*\s(?:-X|--repository)\b|--(?:repofrompath|enablerepo|disablerepo)\b|\.rpm\b|\.deb\b/;
/** What a script from the network does to the package sources is anybody's guess; NodeSource's adds one. */
const pipedScripts = /\b(?:curl|wget)\b[^;&\n]*\|\s*(?:sudo\s+)?(?:-E\s+)?(?:ba|da|z)?sh\b/;

/** Could an instruction change where the stage takes packages from? Then the base image does not tell the whole truth. */
export function touchesRepositories({ keyword, args, heredocs }: Instruction, text: string): boolean {
  if (keyword !== 'RUN' && keyword !== 'COPY' && keyword !== 'ADD') return false;
  const all = [args.text, ...heredocs.map(({ body }) => text.slice(body.start, body.end))];
  return all.some((one) => folders.test(one) || (keyword === 'RUN' && (commands.test(one) || pipedScripts.test(one))));
}
