import{n as e,t}from"./errors.js";import{t as n}from"./limits.js";import{o as r,r as i}from"./place.js";import{t as a}from"./config.js";import{r as o}from"./reference.js";import{n as s}from"./discover.js";import{n as c}from"./placed-uses.js";import{r as l}from"./policy.js";import{i as u}from"./assemble.js";import{n as d}from"./quantity.js";import{n as f}from"./mode.js";import{n as p,r as m}from"./output.js";import{t as h}from"./version.js";import g from"node:path";import{existsSync as _,mkdirSync as v,readFileSync as y,readdirSync as b,statSync as x,writeFileSync as S}from"node:fs";import{createHash as C}from"node:crypto";async function w(e){let{discovery:t,platforms:n}=u(a,void 0,{});return(await s(e,t)).files.flatMap(e=>c(e,n).uses).filter(({reference:e,role:t})=>e&&t!==`frontend`&&!o(e)).map(({place:e,has:t})=>{let n=r(e);return{format:n.format??`dockerfile`,hasDigest:t!==void 0,isPinnable:l(!0,n)}})}function T(e){let t=C(`sha256`).update(g.basename(e)).digest();return`${1+2*((t[0]??0)%29)} ${2+(t[1]??0)%4} * * *`}function E(e,t){return`# Looks every night whether the images that this repository builds on have moved, and opens pull requests.
name: Plimsoll

on:
  schedule:
    - cron: "${T(e)}" # UTC; an odd minute, as at full hours everybody asks
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
`}function D(e){return`# Plimsoll reads this file. What is commented out stands as it is by default, or is an example.
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
`}async function O(e,[n=`.`]){let r=e,a=p(r);if(!(x(n,{throwIfNoEntry:!1})?.isDirectory()??!1))throw new t(`USAGE`,`${n} is no folder; name the root of a repository`);let o=g.basename(g.resolve(n)),s=i.find(e=>_(g.join(n,e))),c=r.pin??!1,l=await N(n,c&&s===void 0),u=[k(n,`.github/workflows/plimsoll.yml`,E(o,h())),s===void 0?k(n,`.github/plimsoll.yml`,D(c)):`left ${s} as it is`,...await A(n),...l];return await a.result(`${u.join(`
`)}\n`),m.done}function k(n,r,i){let a=g.join(n,r);try{return v(g.dirname(a),{recursive:!0}),S(a,i,{flag:`wx`}),`wrote ${r}`}catch(n){if(n.code===`EEXIST`)return`left ${r} as it is`;throw new t(`USAGE`,`cannot write ${a}: ${e(n)}`,{cause:n})}}async function A(e){let t=[`.`,`.github`,`.gitlab`].flatMap(t=>j(g.join(e,t),t)),[n]=await f(t,async t=>M(g.join(e,t)));return n===void 0?[]:[`${n} has another program edit the same lines: the Action opens no pull requests and tells the channels only, unless the workflow says "mode: pull-request"`]}function j(e,t){try{return b(e).map(e=>g.posix.join(t,e))}catch{return[]}}function M(e){try{return(x(e,{throwIfNoEntry:!1})?.size??0)>n.file.size.most?``:y(e,`utf8`)}catch{return``}}async function N(e,t){let n=await w(e);return n.length===0?[]:[`found ${d(n.length,`image use`)} (${F(n)})`,...P(n,t)]}function P(e,t){let n=e.filter(({hasDigest:e})=>!e);if(n.length===0)return[];let r=n.length===1?`has`:`have`,i=`${n.length} of ${d(e.length,`image use`)} ${r} no digest`,a=n.filter(({isPinnable:e})=>!e),o=n.length-a.length,s=`"pin: { ${[...o>0?[`dockerfile`]:[],...new Set(a.map(({format:e})=>e))].map(e=>`${e}: true`).join(`, `)} }"`,c=a.length===0?[]:[`"pin: true" is for Dockerfiles alone; ${s} has ${F(a)} pinned${o>0?` as well`:``}`];return o===0?[`${i}, and no pull request is possible for them: you are only told when they move`,...c]:t?[`${i}: "pin: true" has the first run open one pull request that pins those in Dockerfiles`,...c]:[`${i}, and no pull request is possible for them: "pin: true" in the configuration (or init --pin) has one opened that pins those in Dockerfiles; without it you are only told when they move`,...c]}function F(e){return[...Map.groupBy(e,({format:e})=>e)].map(([e,{length:t}])=>`${t} ${e}`).join(`, `)}export{O as init};
