import{n as e}from"./secret.js";import{t}from"./find2.js";import{n,t as r}from"./errors.js";import{r as i}from"./reference.js";import{n as a}from"./discover.js";import{i as o}from"./base-line.js";import{n as s}from"./quantity.js";import{n as c,r as l}from"./output.js";import{n as u}from"./run-request.js";import{t as d}from"./version.js";import{createHash as f}from"node:crypto";import p from"node:path";import{existsSync as m,mkdirSync as h,statSync as g,writeFileSync as _}from"node:fs";function v(e){let t=f(`sha256`).update(p.basename(e)).digest();return`${1+2*((t[0]??0)%29)} ${2+(t[1]??0)%4} * * *`}function y(e,t){return`# Looks every night whether the images that this repository builds on have moved, and opens pull requests.
name: Plimsoll

on:
  schedule:
    - cron: "${v(e)}" # UTC; an odd minute, as at full hours everybody asks
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
      # Put in the owner, and the full commit of the release, which nobody can move:
      #   git ls-remote https://github.com/OWNER/plimsoll refs/tags/v${t}
      - uses: OWNER/plimsoll@COMMIT # v${t}
        # with:
        #   mode: check # only look; also alert (tell channels, open nothing)
        #   fail-on: security,pin-broken # the job fails when there are such findings
        #   token: \${{ steps.app.outputs.token }} # of an App: then its pull requests start your workflows
        # env:
        #   DISCORD_URL: \${{ secrets.DISCORD_URL }} # for the channels of .github/plimsoll.yml
`}function b(e){return`# Plimsoll reads this file. What is commented out stands as it is by default, or is an example.
version: 1

# Give a digest to images that have none, in one pull request: without a digest, nobody can say what changed.
${e?``:`# `}pin: true

# What you build for.
# platforms: [linux/amd64, linux/arm64]

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
`}async function x(e,[n=`.`]){let i=e,a=c(i);if(!(g(n,{throwIfNoEntry:!1})?.isDirectory()??!1))throw new r(`USAGE`,`${n} is no folder; name the root of a repository`);let o=p.basename(p.resolve(n)),s=t.find(e=>m(p.join(n,e))),u=[S(n,`.github/workflows/plimsoll.yml`,y(o,d())),s===void 0?S(n,`.github/plimsoll.yml`,b(i.pin??!1)):`left ${s} as it is`,...C(n,i.pin??!1,s!==void 0)];return await a.result(`${u.join(`
`)}\n`),l.done}function S(e,t,i){let a=p.join(e,t);try{return h(p.dirname(a),{recursive:!0}),_(a,i,{flag:`wx`}),`wrote ${t}`}catch(e){if(e.code===`EEXIST`)return`left ${t} as it is`;throw new r(`USAGE`,`cannot write ${a}: ${n(e)}`,{cause:e})}}function C(t,n,r){let{discovery:c,platforms:l}=u(e,void 0,{}),d=a(t,c).files.flatMap(e=>o(e,l).uses).filter(({use:{reference:e,kind:t}})=>e&&t!==`syntax`&&!i(e)),f=d.filter(({use:e})=>e.reference?.digest===void 0).length;if(f===0)return[];let p=f===1?`has`:`have`,m=`${f} of ${s(d.length,`image use`)} ${p} no digest`;return n&&!r?[`${m}: "pin: true" has the first run open one pull request that pins them`]:[`${m}, and no pull request is possible for them: "pin: true" in the configuration (or init --pin) has one opened that pins them all; without it you are only told when they move`]}export{x as init};
