/*
 * src/report/render/starter/
 *
 * What `plimsoll init` writes: files that say of every line what it is for. This file has GitHub's workflow and the
 * configuration, starter-pipeline.ts what GitLab, Gitea and Forgejo run.
 * Begin here.
 */

import { createHash } from 'node:crypto';
import path from 'node:path';

/** A minute that is not everybody's: odd, never at the hour, the same whenever it is asked for. Hours of the night. */
export function scheduleFor(name: string): string {
  const hash = createHash('sha256').update(path.basename(name)).digest();
  const minute = 1 + 2 * ((hash[0] ?? 0) % 29);
  const hour = 2 + ((hash[1] ?? 0) % 4);
  return `${minute} ${hour} * * *`;
}

/**
 * A workflow for `.github/workflows`; `repository` is `owner/name` of the Action, undefined where nobody can say, and then
 * left to be put in.
 */
export function starterWorkflow(name: string, version: string, repository?: string): string {
  const action = repository ?? 'OWNER/plimsoll';
  return `# Looks every night whether the images that this repository builds on have moved, and opens pull requests.
name: Plimsoll

on:
  schedule:
    - cron: "${scheduleFor(name)}" # UTC; an odd minute, as at full hours everybody asks
  workflow_dispatch: # "Run workflow" in the tab Actions

# Two runs at once would do the same work; the second waits.
concurrency:
  group: plimsoll
  cancel-in-progress: false

# Nothing that the job below does not ask for.
permissions: {}

jobs:
  plimsoll:
    if: \${{ !github.event.repository.fork }} # forks inherit this file, and need no pull requests of their own
    runs-on: ubuntu-latest
    timeout-minutes: 30
    permissions:
      contents: write # branches plimsoll/…, and the state under refs/plimsoll/state
      pull-requests: write # also tick Settings, Actions, General, "Allow GitHub Actions to create and approve pull requests"
      issues: write # labels, answers to comments, the dashboard
      packages: read # private images on ghcr.io
    steps:
      # Put in ${repository === undefined ? 'whose Plimsoll it is to be, and ' : ''}the full commit of a release, which nobody can move. Where there is none yet, of a branch:
      #   git ls-remote https://github.com/${action} refs/tags/v${version} HEAD
      - uses: ${action}@COMMIT # v${version}
        # with:
        #   mode: check # only look; also alert (tell channels, open nothing)
        #   fail-on: security,pin-broken # the job fails when there are such findings
        #   token: \${{ steps.app.outputs.token }} # of an App: then its pull requests start your workflows
        # env:
        #   DISCORD_URL: \${{ secrets.DISCORD_URL }} # for the channels of .github/plimsoll.yml
`;
}

/**
 * A configuration for `.github/plimsoll.yml` in which everything is left at its default but `pin`, and the platforms that
 * workflows build for, where they say. `repositories`: what a job that is no Action must be told, as YAML.
 */
export function starterConfig(pin: boolean, platforms: readonly string[] = [], repositories?: string): string {
  const built =
    platforms.length === 0
      ? '# What you build for.\n# platforms: [linux/amd64, linux/arm64]'
      : `# What you build for, as workflows of this repository have it.\nplatforms: [${platforms.join(', ')}]`;
  return `# Plimsoll reads this file. What is commented out stands as it is by default, or is an example.
version: 1
${repositories === undefined ? '' : `\n# Where merge requests or pull requests are opened.\nrepositories: ${repositories}\n`}
# Give a digest to images that have none, in one pull request: without a digest, nobody can say what changed.
${pin ? '' : '# '}pin: true

${built}

# Where to look, when the usual names of files do not do; and where not to.
# include: ["**/Dockerfile", "**/*.dockerfile"]
# exclude: ["examples/**"]

# Every rule that matches applies, from top to bottom; a later one wins.
# rules:
#   - { match: { class: [packages] }, when: weekly, group: repository, labels: [dependencies] }
#   - { match: { image: "docker.io/library/*" }, versions: minor, minimumAge: 3d }
#   - { match: { file: "legacy/**" }, react: [ignore] }

# An issue that lists everything open, waiting, unknown and ignored.
# dashboard: true

# Who is told. Secrets come from the environment of the step.
# notify:
#   - { type: discord, url: "\${DISCORD_URL}", only: { class: [security, pin-broken] } }
`;
}
