import{n as e}from"./secret.js";import{t}from"./find2.js";import{n,t as r}from"./errors.js";import{r as i}from"./reference.js";import{n as a}from"./discover.js";import{v as o}from"./run-problems.js";import{n as s}from"./quantity.js";import{n as c}from"./mode.js";import{n as l,r as u}from"./output.js";import{n as d}from"./run-request.js";import{t as f}from"./version.js";import{createHash as p}from"node:crypto";import m from"node:path";import{existsSync as h,mkdirSync as g,readFileSync as _,readdirSync as v,statSync as y,writeFileSync as b}from"node:fs";function x(e){let t=p(`sha256`).update(m.basename(e)).digest();return`${1+2*((t[0]??0)%29)} ${2+(t[1]??0)%4} * * *`}function S(e,t){return`# Looks every night whether the images that this repository builds on have moved, and opens pull requests.
name: Plimsoll

on:
  schedule:
    - cron: "${x(e)}" # UTC; an odd minute, as at full hours everybody asks
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
`}function C(e){return`# Plimsoll reads this file. What is commented out stands as it is by default, or is an example.
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
`}async function w(e,[n=`.`]){let i=e,a=l(i);if(!(y(n,{throwIfNoEntry:!1})?.isDirectory()??!1))throw new r(`USAGE`,`${n} is no folder; name the root of a repository`);let o=m.basename(m.resolve(n)),s=t.find(e=>h(m.join(n,e))),c=[T(n,`.github/workflows/plimsoll.yml`,S(o,f())),s===void 0?T(n,`.github/plimsoll.yml`,C(i.pin??!1)):`left ${s} as it is`,...await E(n),...k(n,i.pin??!1,s!==void 0)];return await a.result(`${c.join(`
`)}\n`),u.done}function T(e,t,i){let a=m.join(e,t);try{return g(m.dirname(a),{recursive:!0}),b(a,i,{flag:`wx`}),`wrote ${t}`}catch(e){if(e.code===`EEXIST`)return`left ${t} as it is`;throw new r(`USAGE`,`cannot write ${a}: ${n(e)}`,{cause:e})}}async function E(e){let t=[`.`,`.github`,`.gitlab`].flatMap(t=>D(m.join(e,t),t)),[n]=await c(t,async t=>O(m.join(e,t)));return n===void 0?[]:[`${n} has another program edit the same lines: the Action opens no pull requests and tells the channels only, unless the workflow says "mode: pull-request"`]}function D(e,t){try{return v(e).map(e=>m.posix.join(t,e))}catch{return[]}}function O(e){try{return(y(e,{throwIfNoEntry:!1})?.size??0)>1048576?``:_(e,`utf8`)}catch{return``}}function k(t,n,r){let{discovery:c,platforms:l}=d(e,void 0,{}),u=a(t,c).files.flatMap(e=>o(e,l).uses).filter(({use:{reference:e,kind:t}})=>e&&t!==`syntax`&&!i(e)),f=u.filter(({use:e})=>e.reference?.digest===void 0).length;if(f===0)return[];let p=f===1?`has`:`have`,m=`${f} of ${s(u.length,`image use`)} ${p} no digest`;return n&&!r?[`${m}: "pin: true" has the first run open one pull request that pins them`]:[`${m}, and no pull request is possible for them: "pin: true" in the configuration (or init --pin) has one opened that pins them all; without it you are only told when they move`]}export{w as init};
