import { scheduleFor } from './starter.ts';

/* What `plimsoll init --gitlab` and `--gitea` write beside a configuration: a pipeline, a workflow. */

/**
 * A pipeline's file, to be included by a project's own. `repository` is `owner/name` on github.com of this program; undefined
 * where nobody can say, and then left to be put in.
 */
export function starterPipeline(version: string, repository = 'OWNER/plimsoll'): string {
  return `# Plimsoll: merge requests every night where the images that this project builds on have moved, and a look at each merge request.
# Included by .gitlab-ci.yml: include: [{ local: .gitlab/plimsoll-ci.yml }]

variables:
  # Put in the full commit of a release, which nobody can move: git ls-remote https://github.com/${repository} refs/tags/v${version} HEAD
  PLIMSOLL_PACKAGE: github:${repository}#COMMIT # v${version}

.plimsoll:
  image: docker.io/library/node:24 # needs Node.js 24, npm and git
  variables:
    GIT_DEPTH: "1"
  cache: # what is known of images, and who was told what
    key: plimsoll
    paths: [.plimsoll/]
    when: always

# Build, Pipeline schedules, "New schedule", at an odd minute, with the variable PLIMSOLL = nightly.
# Settings, CI/CD, Variables: GITLAB_TOKEN, masked and protected, a project access token with the scope api and the role Developer.
# The token of the job itself can open no merge request.
plimsoll:
  extends: .plimsoll
  rules:
    - if: $CI_PIPELINE_SOURCE == "schedule" && $PLIMSOLL == "nightly"
  resource_group: plimsoll # two at once would do the same work; the second waits
  timeout: 30 minutes
  script:
    - npx --yes "$PLIMSOLL_PACKAGE" run --config .gitlab/plimsoll-run.yml --state .plimsoll/state.db --cache .plimsoll/cache
    - npx --yes "$PLIMSOLL_PACKAGE" report --html plimsoll-pages --state .plimsoll/state.db
  artifacts:
    when: always
    expire_in: 30 days
    paths: [plimsoll-pages/]

# What a merge request changes: beside its lines, as a page, and as variables for later jobs.
plimsoll-check:
  extends: .plimsoll
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
  script:
    - npx --yes "$PLIMSOLL_PACKAGE" check --cache .plimsoll/cache --format codequality > plimsoll-quality.json
    - npx --yes "$PLIMSOLL_PACKAGE" check --cache .plimsoll/cache --format dotenv > plimsoll.env
    - npx --yes "$PLIMSOLL_PACKAGE" check --cache .plimsoll/cache --format html > plimsoll.html
    # - npx --yes "$PLIMSOLL_PACKAGE" check --cache .plimsoll/cache --fail-on pin-broken,security
  artifacts:
    when: always
    reports:
      codequality: plimsoll-quality.json
      dotenv: plimsoll.env # PLIMSOLL_NEEDS_REBUILD, PLIMSOLL_FIX_AVAILABLE, PLIMSOLL_UNKNOWN, PLIMSOLL_UNCHECKED
    paths: [plimsoll.html]
`;
}

/** A project's own pipeline, where it has none yet. */
export const includingPipeline = 'include:\n  - local: .gitlab/plimsoll-ci.yml\n';

/** A workflow for `.gitea/workflows`, of Gitea's and Forgejo's own Actions; `name` decides about its minute. */
export function starterGiteaWorkflow(name: string, version: string, repository = 'OWNER/plimsoll'): string {
  return `# Looks every night whether the images that this repository builds on have moved, and opens pull requests.
name: Plimsoll

on:
  schedule:
    - cron: "${scheduleFor(name)}" # an odd minute, as at full hours everybody asks
  workflow_dispatch:

jobs:
  plimsoll:
    runs-on: ubuntu-latest
    container: docker.io/library/node:24 # needs Node.js 24, npm and git
    timeout-minutes: 30
    env:
      # Put in the full commit of a release, which nobody can move: git ls-remote https://github.com/${repository} refs/tags/v${version} HEAD
      PLIMSOLL_PACKAGE: github:${repository}#COMMIT # v${version}
      # A token of an account of Plimsoll's own (scopes write:repository, write:issue, read:user), as a secret of this repository: what the
      # job's own token opens starts no workflow.
      GITEA_TOKEN: \${{ secrets.PLIMSOLL_TOKEN }}
      GITEA_URL: \${{ github.server_url }}
    steps:
      - uses: actions/checkout@v4
      - uses: actions/cache@v4 # what is known of images, and who was told what
        with:
          path: .plimsoll
          key: plimsoll-\${{ github.run_id }}
          restore-keys: plimsoll-
      - run: npx --yes "$PLIMSOLL_PACKAGE" run --config .gitea/plimsoll-run.yml --state .plimsoll/state.db --cache .plimsoll/cache
`;
}
