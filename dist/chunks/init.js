import{Gn as e,In as t,Kn as n,Wn as r,a as i,d as a,hn as o,l as s,qt as c,u as l,vn as u,yt as d}from"./core.js";import{C as f,Pt as p,St as m,Vt as h,ot as g,z as _}from"./shared.js";import{yt as v}from"./look.js";import{n as y}from"./mode.js";import b from"node:path";import{existsSync as x,readdirSync as S,statSync as C,writeFileSync as w}from"node:fs";import{createHash as T}from"node:crypto";async function E(e){let{discovery:t,platforms:n}=v(h,void 0,{});return(await m(e,t)).files.flatMap(e=>f(e,n).uses).filter(({reference:e,role:t})=>e&&t!==`frontend`&&!c(e)).map(({place:e,has:t})=>{let n=u(e);return{format:n.format??`dockerfile`,hasDigest:t!==void 0,isPinnable:g(!0,n)}})}function D(e){let t=T(`sha256`).update(b.basename(e)).digest();return`${1+2*((t[0]??0)%29)} ${2+(t[1]??0)%4} * * *`}function O(e,t,n){let r=n??`OWNER/plimsoll`;return`# Looks every night whether the images that this repository builds on have moved, and opens pull requests.
name: Plimsoll

on:
  schedule:
    - cron: "${D(e)}" # UTC; an odd minute, as at full hours everybody asks
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
      # Put in ${n===void 0?`whose Plimsoll it is to be, and `:``}the full commit of a release, which nobody can move. Where there is none yet, of a branch:
      #   git ls-remote https://github.com/${r} refs/tags/v${t} HEAD
      - uses: ${r}@COMMIT # v${t}
        # with:
        #   mode: check # only look; also alert (tell channels, open nothing)
        #   fail-on: security,pin-broken # the job fails when there are such findings
        #   token: \${{ steps.app.outputs.token }} # of an App: then its pull requests start your workflows
        # env:
        #   DISCORD_URL: \${{ secrets.DISCORD_URL }} # for the channels of .github/plimsoll.yml
`}function k(e,t=[],n){let r=t.length===0?`# What you build for.
# platforms: [linux/amd64, linux/arm64]`:`# What you build for, as workflows of this repository have it.\nplatforms: [${t.join(`, `)}]`;return`# Plimsoll reads this file. What is commented out stands as it is by default, or is an example.
version: 1
${n===void 0?``:`\n# Where merge requests or pull requests are opened.\nrepositories: ${n}\n`}
# Give a digest to images that have none, in one pull request: without a digest, nobody can say what changed.
${e?``:`# `}pin: true

${r}

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
`}function A(e,t=`OWNER/plimsoll`){return`# Plimsoll: merge requests every night where the images that this project builds on have moved, and a look at each merge request.
# Included by .gitlab-ci.yml: include: [{ local: .gitlab/plimsoll-ci.yml }]

variables:
  # Put in the full commit of a release, which nobody can move: git ls-remote https://github.com/${t} refs/tags/v${e} HEAD
  PLIMSOLL_PACKAGE: github:${t}#COMMIT # v${e}

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
`}function j(e,t,n=`OWNER/plimsoll`){return`# Looks every night whether the images that this repository builds on have moved, and opens pull requests.
name: Plimsoll

on:
  schedule:
    - cron: "${D(e)}" # an odd minute, as at full hours everybody asks
  workflow_dispatch:

jobs:
  plimsoll:
    runs-on: ubuntu-latest
    container: docker.io/library/node:24 # needs Node.js 24, npm and git
    timeout-minutes: 30
    env:
      # Put in the full commit of a release, which nobody can move: git ls-remote https://github.com/${n} refs/tags/v${t} HEAD
      PLIMSOLL_PACKAGE: github:${n}#COMMIT # v${t}
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
`}const M=`.github/workflows/plimsoll.yml`;async function N(t,[n=`.`]){let r=t,c=i(r);if(!(C(n,{throwIfNoEntry:!1})?.isDirectory()??!1))throw new e(`USAGE`,`${n} is no folder; name the root of a repository`);let u=b.basename(b.resolve(n)),d=o.find(e=>x(b.join(n,e))),f=r.pin??!1,p=await E(n),m=z(n);if(r.gitlab||r.gitea){let e=P(r.gitlab?`gitlab`:`gitea`,n,f,m);return await c.result(`${[...e.wrote,...W(p,f),...e.todo].join(`
`)}\n`),a.done}let h=B(n,M,O(u,l(),s())),g=[h,d===void 0?B(n,`.github/plimsoll.yml`,k(f,m)):`left ${d} as it is`,...await V(n),...W(p,f&&d===void 0),...f?I(p,d):[],...L(n,d??`.github/plimsoll.yml`,h.startsWith(`wrote`))];return await c.result(`${g.join(`
`)}\n`),a.done}function P(e,t,n,r){let i=F(t)??(e===`gitlab`?`GROUP/PROJECT`:`OWNER/NAME`),a=`.${e}/plimsoll-run.yml`,o=B(t,a,k(n,r,`[{ ${e}: ${JSON.stringify(i)} }]`)),c=/^[A-Z]+\//.test(i)?[`put the name of this repository into ${a}`]:[];if(e===`gitea`){let e=`.gitea/workflows/plimsoll.yml`,n=[...c,`put the commit of a release into ${e}, in place of COMMIT`,`make an account for Plimsoll that may write here, and a token of it with the scopes write:repository, write:issue and read:user; keep it as the secret PLIMSOLL_TOKEN (Settings, Actions, Secrets)`,`commit both files and push them to the default branch: schedules run from there alone`];return{wrote:[B(t,e,j(b.basename(b.resolve(t)),l(),s())),o],todo:R(n)}}let u=B(t,`.gitlab/plimsoll-ci.yml`,A(l(),s())),d=B(t,`.gitlab-ci.yml`,`include:
  - local: .gitlab/plimsoll-ci.yml
`),f=[...c,...d.startsWith(`left`)?[`have .gitlab-ci.yml include it: include: [{ local: .gitlab/plimsoll-ci.yml }]`]:[],`put the commit of a release into .gitlab/plimsoll-ci.yml, in place of COMMIT`,`make a project access token with the scope api and the role Developer; keep it as the masked, protected variable GITLAB_TOKEN (Settings, CI/CD, Variables): the token of a job can open no merge request`,`commit the files, and make a schedule with the variable PLIMSOLL = nightly (Build, Pipeline schedules)`];return{wrote:[u,d,o],todo:R(f)}}function F(e){let[,t=``]=/^\[remote "origin"\]\n((?:[ \t]+.*\n?)*)/m.exec(U(b.join(e,`.git/config`)))??[],n=/^\s*url\s*=\s*(\S+)\s*$/m.exec(t)?.[1]??``,[,r]=/^(?:\w+:\/\/[^/]+\/|[^/:]+:)([\w.-]+(?:\/[\w.-]+)+)$/.exec(n.replace(/(?:\.git)?\/?$/,``))??[];return r}function I(e,t){return t===void 0?e.some(({hasDigest:e,isPinnable:t})=>!e&&t)?[]:[`--pin will have no effect for now: no Dockerfile names an image without a digest`]:[`--pin had no effect, as ${t} is left as it is: write "pin: true" into it`]}function L(e,t,n){let r=U(b.join(e,M)),i=[...new Set([...U(b.join(e,t)).matchAll(/^[^#\n]*\$\{(\w+)\}/gm)].map(([,e])=>e))],[a]=r.split(`
`).flatMap((e,t)=>/uses: .*@COMMIT/.test(e)?[t+1]:[]);return R([...a===void 0?[]:[`put ${r.includes(`OWNER/`)?`the owner and `:``}the commit of a release into ${M}, line ${a}`],...n?[`on GitHub, in Settings, Actions, General: allow GitHub Actions to create and approve pull requests`]:[],...i.length===0?[]:[`give the step of the workflow ${i.join(`, `)} (Settings, Secrets and variables, Actions; then "env:" in the workflow)`],`commit both files and push them to the default branch: schedules run from there alone`,`start it by hand once, in the tab Actions: "Run workflow"; its summary says what was found`])}function R(e){return[``,`what is left to do:`,...e.map((e,t)=>`  ${t+1}. ${e}`)]}function z(e){let n=b.join(e,`.github/workflows`),r=H(n,n).filter(e=>/\.ya?ml$/.test(e)).map(U).flatMap(e=>[...e.matchAll(/^\s*platforms:\s*["']?([a-z0-9/, ]+?)["']?\s*$/gm)]).flatMap(([,e=``])=>e.split(`,`).map(e=>e.trim()));return[...new Set(r)].filter(e=>{try{return e.includes(`/`)&&t(e)!==void 0}catch{return!1}})}function B(t,r,i){let a=b.join(t,r);try{return _(b.dirname(a)),w(a,i,{flag:`wx`}),`wrote ${r}`}catch(t){if(t.code===`EEXIST`)return`left ${r} as it is`;throw new e(`USAGE`,`cannot write ${a}: ${n(t)}`,{cause:t})}}async function V(e){let t=[`.`,`.github`,`.gitlab`].flatMap(t=>H(b.join(e,t),t)),[n]=await y(t,async t=>U(b.join(e,t)));return n===void 0?[]:[`${n} has another program edit the same lines: the Action opens no pull requests and tells the channels only, unless the workflow says "mode: pull-request"`]}function H(e,t){try{return S(e).map(e=>b.posix.join(t,e))}catch{return[]}}function U(e){try{return(C(e,{throwIfNoEntry:!1})?.size??0)>r.file.size.most?``:p(e,r.file.size.most).toString(`utf8`)}catch{return``}}function W(e,t){return e.length===0?[]:[`found ${d(e.length,`image use`)} (${K(e)})`,...G(e,t)]}function G(e,t){let n=e.filter(({hasDigest:e})=>!e);if(n.length===0)return[];let r=n.length===1?`has`:`have`,i=`${n.length} of ${d(e.length,`image use`)} ${r} no digest`,a=n.filter(({isPinnable:e})=>!e),o=n.length-a.length,s=`"pin: { ${[...o>0?[`dockerfile`]:[],...new Set(a.map(({format:e})=>e))].map(e=>`${e}: true`).join(`, `)} }"`,c=a.length===0?[]:[`"pin: true" is for Dockerfiles alone; ${s} has ${K(a)} pinned${o>0?` as well`:``}`];return o===0?[`${i}, and no pull request is possible for them: you are only told when they move`,...c]:t?[`${i}: "pin: true" has the first run open one pull request that pins those in Dockerfiles`,...c]:[`${i}, and no pull request is possible for them: "pin: true" in the configuration (or init --pin) has one opened that pins those in Dockerfiles; without it you are only told when they move`,...c]}function K(e){return[...Map.groupBy(e,({format:e})=>e)].map(([e,{length:t}])=>`${t} ${e}`).join(`, `)}export{N as init};
