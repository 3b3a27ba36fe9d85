/**
 * Text for the log of a CI job, in which no line can command the job. A GitHub runner takes a line for a command when it begins
 * with `::`, or has `##[` anywhere (actions/runner, ActionCommand), Azure Pipelines `##vso[` and `##[` (its docs, "Logging
 * commands"), TeamCity `##teamcity[` ("Service messages"), GitLab `section_start:` and `section_end:` ("Custom collapsible
 * sections"); runners end lines at `\r` too.
 */
export function inert(text: string): string {
  return text
    .split(/\r\n|[\n\r]/)
    .map((line) =>
      line
        .replace(/^(\s*):(?=:)/, '$1:\u200b')
        .replace(/##(?=(?:vso|teamcity)?\[)/gi, '##\u200b')
        .replace(/section_(?=(?:start|end):)/g, 'section_\u200b'),
    )
    .join('\n');
}

const services = ['CI', 'GITHUB_ACTIONS', 'GITLAB_CI', 'TF_BUILD', 'TEAMCITY_VERSION'];

/** Does somebody read this output who takes orders from it? */
export function isJob(env: Readonly<Record<string, string | undefined>>): boolean {
  return services.some((name) => env[name]);
}
