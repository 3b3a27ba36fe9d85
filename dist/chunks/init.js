import{t as e}from"./config.js";import{t}from"./find2.js";import{n,t as r}from"./errors.js";import{r as i}from"./reference.js";import{t as a}from"./limits.js";import{t as o}from"./turns.js";import{n as s}from"./quantity.js";import{n as c}from"./discover.js";import{t as l}from"./placed-uses.js";import{n as u}from"./mode.js";import{n as d,r as f}from"./output.js";import{n as p}from"./run-request.js";import{t as m}from"./version.js";import h from"node:path";import{existsSync as g,mkdirSync as _,readFileSync as v,readdirSync as y,statSync as b,writeFileSync as x}from"node:fs";import{createHash as S}from"node:crypto";function C(e){let t=S(`sha256`).update(h.basename(e)).digest();return`${1+2*((t[0]??0)%29)} ${2+(t[1]??0)%4} * * *`}function w(e,t){return`# Looks every night whether the images that this repository builds on have moved, and opens pull requests.
name: Plimsoll

on:
  schedule:
    - cron: "${C(e)}" # UTC; an odd minute, as at full hours everybody asks
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
`}function T(e){return`# Plimsoll reads this file. What is commented out stands as it is by default, or is an example.
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
`}async function E(e,[n=`.`]){let i=e,a=d(i);if(!(b(n,{throwIfNoEntry:!1})?.isDirectory()??!1))throw new r(`USAGE`,`${n} is no folder; name the root of a repository`);let o=h.basename(h.resolve(n)),s=t.find(e=>g(h.join(n,e))),c=[D(n,`.github/workflows/plimsoll.yml`,w(o,m())),s===void 0?D(n,`.github/plimsoll.yml`,T(i.pin??!1)):`left ${s} as it is`,...await O(n),...j(n,i.pin??!1,s!==void 0)];return await a.result(`${c.join(`
`)}\n`),f.done}function D(e,t,i){let a=h.join(e,t);try{return _(h.dirname(a),{recursive:!0}),x(a,i,{flag:`wx`}),`wrote ${t}`}catch(e){if(e.code===`EEXIST`)return`left ${t} as it is`;throw new r(`USAGE`,`cannot write ${a}: ${n(e)}`,{cause:e})}}async function O(e){let t=[`.`,`.github`,`.gitlab`].flatMap(t=>k(h.join(e,t),t)),[n]=await u(t,async t=>A(h.join(e,t)));return n===void 0?[]:[`${n} has another program edit the same lines: the Action opens no pull requests and tells the channels only, unless the workflow says "mode: pull-request"`]}function k(e,t){try{return y(e).map(e=>h.posix.join(t,e))}catch{return[]}}function A(e){try{return(b(e,{throwIfNoEntry:!1})?.size??0)>a.file.size.most?``:v(e,`utf8`)}catch{return``}}function j(t,n,r){let{discovery:a,platforms:u}=p(e,void 0,{}),d=o(c(t,a)).files.flatMap(e=>l(e,u).uses).filter(({use:{reference:e,kind:t}})=>e&&t!==`syntax`&&!i(e)),f=d.filter(({use:e})=>e.reference?.digest===void 0).length;if(f===0)return[];let m=f===1?`has`:`have`,h=`${f} of ${s(d.length,`image use`)} ${m} no digest`;return n&&!r?[`${h}: "pin: true" has the first run open one pull request that pins them`]:[`${h}, and no pull request is possible for them: "pin: true" in the configuration (or init --pin) has one opened that pins them all; without it you are only told when they move`]}export{E as init};
