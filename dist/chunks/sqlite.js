import{t as e}from"./errors.js";import{t}from"./limits.js";import{i as n,n as r,t as i}from"./database.js";import{i as a}from"./news.js";import{n as o,t as s}from"./run-record.js";import{c,i as l}from"./place.js";import u from"node:path";import{chmodSync as d,existsSync as f,mkdirSync as p,readdirSync as m,renameSync as ee,rmSync as h,statSync as g,statfsSync as te}from"node:fs";import{DatabaseSync as ne}from"node:sqlite";function re(e){let t=async(t,...n)=>(await e.alone(()=>e.all(t,...n))).map(ie);return{begin:({id:t,workload:n,reference:r,from:i,to:a,at:o,class:s})=>e.alone(()=>{let[c]=e.all(`insert into act (workload, described, reference, class, from_digest, to_digest, manifest, began)
           values (?, ?, ?, ?, ?, ?, ?, ?) returning id`,t,JSON.stringify(n),r,s,i,a.root,a.manifest,o);return Number(c?.id)}),end:(t,{outcome:n,reason:r,at:i})=>e.alone(()=>void e.run(`update act set ended = ?, outcome = ?, reason = ? where id = ?`,i,n,r,t)),list:e=>t(`select * from act order by id desc limit ?`,e),counts:async()=>{let t=await e.alone(()=>e.all(`select outcome, count(*) as number from act where outcome is not null group by outcome`));return new Map(t.map(e=>[String(e.outcome),Number(e.number)]))},failed:async()=>{let e=await t(`select * from act where cleared is null and outcome in ('undone', 'rolled-back', 'moved') order by id`),n=/* @__PURE__ */ new Map,r=/* @__PURE__ */ new Map;for(let t of e){let{id:e,workload:i,to:a,outcome:o}=t;if(o===`moved`){r.delete(e);continue}let s=`${i.engine}/${i.name}: ${t.reason||`it did not come up`}`;for(let e of[a.root,a.manifest])n.set(e,s);let c=r.get(e);c!==void 0&&c.to.manifest!==a.manifest&&n.set(e,`two digests in a row were put back here; it is only watched until "plimsoll retry"`),r.set(e,t)}return n},untold:()=>t(`select * from act where told is null and ended is not null order by id`),told:(t,n)=>e.alone(()=>void e.run(`update act set told = ? where id in (select value from json_each(?))`,n,JSON.stringify(t))),clear:(t,n)=>e.alone(()=>{let r=`update act set cleared = ?1 where cleared is null and outcome in ('undone', 'rolled-back') ${t===void 0?``:`and (workload in (select value from json_each(?2)) or to_digest in (select value from json_each(?2)) or manifest in (select value from json_each(?2)))`} returning id`;return e.all(r,n,...t===void 0?[]:[JSON.stringify(t)]).length})}}function ie(e){return{number:Number(e.id),id:String(e.workload),workload:JSON.parse(String(e.described)),reference:String(e.reference),class:String(e.class),from:e.from_digest===null?null:String(e.from_digest),to:{root:String(e.to_digest),manifest:String(e.manifest)},began:Number(e.began),...e.ended!==null&&{ended:Number(e.ended),outcome:String(e.outcome)},reason:String(e.reason),isCleared:e.cleared!==null}}function _(e){return`case ${e} ${a.map((e,t)=>`when '${e}' then ${t}`).join(` `)} else 99 end`}const v=[`delete from summary_image`,`insert into summary_image (reference, uses, repositories, class, findings, security, since)
   with used as (
     select reference, sum(number) as uses
     from (select reference, count(*) as number from consumer group by reference
           union all select reference, count(*) from unlooked group by reference)
     group by reference),
   spread as (
     select reference, count(*) as repositories
     from (select reference, repository from consumer group by reference, repository) group by reference),
   stands as (
     select reference, class, min(${_(`class`)}) as urgency, count(*) as findings, max(coalesce(security, 0)) as security,
       min(since) as since, count(distinct id) as places, count(distinct repository) as repositories
     from finding where gone is null group by reference)
   select coalesce(used.reference, stands.reference), coalesce(uses, places), coalesce(spread.repositories, stands.repositories, 0),
     class, coalesce(findings, 0), coalesce(security, 0), since
   from used full join stands on stands.reference = used.reference
   left join spread on spread.reference = coalesce(used.reference, stands.reference)`,`delete from summary_repository`,`insert into summary_repository (name, uses, images, findings, security, since)
   with used as (
     select repository, sum(number) as uses, count(*) as images
     from (select repository, reference, count(*) as number from consumer group by repository, reference) group by repository),
   stands as (
     select repository, count(*) as findings, sum(coalesce(security, 0)) as security, min(since) as since
     from finding where gone is null group by repository)
   select coalesce(used.repository, stands.repository), coalesce(uses, 0), coalesce(images, 0), coalesce(findings, 0),
     coalesce(security, 0), since
   from used full join stands on stands.repository = used.repository`],y=[`delete from build_manifest`,`delete from build`,`insert into build (reference, digest, manifests, sample, places)
   with sets as (
     select consumer, group_concat(manifest, ' ') as manifests
     from (select consumer, manifest from consumed order by consumer, platform) group by consumer)
   select reference, digest, coalesce(manifests, ''), min(consumer.id), count(*)
   from consumer left join sets on sets.consumer = consumer.id group by 1, 2, 3`,`insert or ignore into build_manifest (manifest, build)
   select consumed.manifest, build.id from build join consumed on consumed.consumer = build.sample`],ae=[...v,...y].join(`;
`);function*b(e){for(let t of v)e.run(t),yield}function*x(e){yield*b(e);for(let t of y)e.run(t),yield}const S=[`
  create table look (
    reference text not null,
    platform text not null,
    digest text not null,
    first integer not null,
    last integer not null,
    primary key (reference, platform, digest)
  ) strict, without rowid;
  create table run (
    id integer primary key,
    started integer not null,
    finished integer
  ) strict;
  create table finding (
    id text not null,
    class text not null,
    reference text not null,
    file text not null,
    first_run integer not null references run (id),
    last_run integer not null references run (id),
    primary key (id, class)
  ) strict, without rowid;
  create table news (
    key text primary key,
    class text not null,
    reference text not null,
    first integer not null,
    closed integer
  ) strict, without rowid;
  create table delivery (
    news text not null,
    channel text not null,
    state text not null check (state in ('pending', 'delivered', 'failed')),
    tries integer not null default 0,
    next integer,
    message text,
    delivered integer,
    primary key (news, channel)
  ) strict, without rowid;
  create table batch (
    channel text primary key,
    week text not null
  ) strict, without rowid;
  create table proposal (
    key text primary key,
    repository text not null,
    branch text not null,
    url text,
    state text not null,
    targets text not null,
    updated integer not null
  ) strict, without rowid;
  create table inventory (
    id integer primary key,
    manifest text not null,
    extractor text not null,
    os text,
    unique (manifest, extractor)
  ) strict;
  create table package (
    id integer primary key,
    name text not null,
    version text not null,
    architecture text not null,
    unique (name, version, architecture)
  ) strict;
  create table contains (
    package integer not null references package (id),
    inventory integer not null references inventory (id) on delete cascade,
    primary key (package, inventory)
  ) strict, without rowid;
  `,`
  create table base_line (
    reference text primary key,
    digest text not null,
    moved integer not null
  ) strict, without rowid;
  insert into base_line
    select reference, digest, last from look as newest
    where platform = '*' and not exists (
      select 1 from look as other
      where other.reference = newest.reference and other.platform = '*'
        and (other.last > newest.last or (other.last = newest.last and other.first > newest.first))
    )
    on conflict do nothing;
  alter table news add column runs integer not null default 1;
  alter table delivery add column reminded integer;
  alter table delivery add column closing integer;
  create table window (
    channel text not null,
    kind text not null,
    period text not null,
    primary key (channel, kind)
  ) strict, without rowid;
  insert into window select channel, 'weekly', week from batch;
  drop table batch;
  create table baseline (
    channel text not null,
    repository text not null,
    told integer not null,
    primary key (channel, repository)
  ) strict, without rowid;
  create table trouble (
    channel text primary key,
    code text not null,
    first integer not null,
    runs integer not null
  ) strict, without rowid;
  create table snooze (
    kind text not null check (kind in ('image', 'digest', 'news')),
    value text not null,
    until integer not null,
    created integer not null,
    primary key (kind, value)
  ) strict, without rowid;
  alter table finding add column repository text not null default '';
  alter table finding add column line integer not null default 0;
  alter table finding add column written text not null default '';
  alter table finding add column remedy text not null default 'none';
  alter table finding add column security integer;
  alter table finding add column held text;
  alter table finding add column reason text not null default '';
  alter table inventory add column scheme text;
  alter table package add column source text;
  create index package_source on package (source) where source is not null;
  create table consumer (
    id text primary key,
    repository text not null,
    file text not null,
    line integer not null,
    written text not null,
    reference text not null,
    digest text not null,
    run integer not null references run (id)
  ) strict, without rowid;
  create table consumed (
    consumer text not null references consumer (id) on delete cascade,
    platform text not null,
    manifest text not null,
    primary key (consumer, platform)
  ) strict, without rowid;
  create index consumed_manifest on consumed (manifest);
  create table fix (
    reference text not null,
    package text not null,
    version text not null,
    remedy text not null,
    primary key (reference, package, remedy)
  ) strict, without rowid;
  `,`
  alter table inventory add column whole integer not null default 1;
  alter table finding add column checked integer not null default 0;
  update finding set checked = last_run;
  create table watched (
    scope text not null,
    name text not null,
    file text not null,
    last integer not null,
    primary key (scope, file)
  ) strict, without rowid;
  create index watched_name on watched (name, file);
  create table unlooked (
    id text primary key,
    repository text not null,
    reference text not null
  ) strict, without rowid;
  `,`
  create table finding_at (
    id text not null,
    class text not null,
    reference text not null,
    scope text not null,
    repository text not null,
    file text not null,
    line integer not null,
    workload text,
    written text not null,
    remedy text not null,
    security integer,
    held text,
    reason text not null,
    since integer not null,
    seen integer not null,
    gone integer,
    current text,
    latest text,
    platforms text,
    packages text,
    reaction text,
    held_detail text,
    held_until integer,
    proposal_url text,
    proposal_state text,
    why text,
    primary key (id, class)
  ) strict, without rowid;
  insert into finding_at (id, class, reference, scope, repository, file, line, written, remedy, security, held, reason, since, seen, gone)
    select finding.id, class, reference,
      coalesce((select scope from watched where watched.name = repository and watched.file = ''), repository),
      repository, finding.file, line, written, remedy, security, held, reason, a.started, coalesce(c.started, b.started),
      iif(last_run = (select max(id) from run), null, (select min(started) from run where id > last_run))
    from finding join run a on a.id = first_run join run b on b.id = last_run left join run c on c.id = checked;
  drop table finding;
  alter table finding_at rename to finding;
  create index finding_reference on finding (reference);
  create table news_place (
    news text not null,
    scope text not null,
    file text not null,
    reference text not null,
    primary key (news, scope, file, reference)
  ) strict, without rowid;
  insert into news_place
    select distinct news.key, scope, file, finding.reference
    from news join finding on finding.reference = news.reference and finding.class = news.class
    where closed is null and gone is null;
  create table consumer_at (
    id text primary key,
    scope text not null,
    repository text not null,
    file text not null,
    line integer not null,
    workload text,
    written text not null,
    reference text not null,
    digest text not null
  ) strict, without rowid;
  insert into consumer_at (id, scope, repository, file, line, written, reference, digest)
    select id, coalesce((select scope from watched where watched.name = repository and watched.file = ''), repository),
      repository, file, line, written, reference, digest
    from consumer;
  create table consumed_at (
    consumer text not null references consumer_at (id) on delete cascade,
    platform text not null,
    manifest text not null,
    primary key (consumer, platform)
  ) strict, without rowid;
  insert into consumed_at select * from consumed;
  drop table consumed;
  drop table consumer;
  alter table consumer_at rename to consumer;
  alter table consumed_at rename to consumed;
  create index consumed_manifest on consumed (manifest);
  create index contains_inventory on contains (inventory);
  create table unlooked_at (
    id text primary key,
    scope text not null,
    file text not null,
    reference text not null
  ) strict, without rowid;
  insert into unlooked_at
    select id, coalesce((select scope from watched where watched.name = repository and watched.file = ''), repository), '', reference
    from unlooked;
  drop table unlooked;
  alter table unlooked_at rename to unlooked;
  drop table proposal;
  alter table run add column "trigger" text not null default 'cli';
  alter table run add column scope text not null default 'all';
  alter table run add column outcome text;
  alter table run add column exit integer;
  alter table run add column requests integer;
  alter table run add column pulls integer;
  alter table run add column bytes integer;
  alter table run add column cost text;
  alter table run add column summary text;
  alter table run add column problems text;
  create table run_target (
    run integer not null references run (id) on delete cascade,
    kind text not null check (kind in ('reference', 'scope')),
    value text not null,
    primary key (run, kind, value)
  ) strict, without rowid;
  create table finding_event (
    id text not null,
    class text not null,
    at integer not null,
    run integer not null references run (id) on delete cascade,
    kind text not null check (kind in ('opened', 'changed', 'gone')),
    from_class text,
    digest text,
    reason text,
    primary key (id, class, at)
  ) strict, without rowid;
  create index finding_event_run on finding_event (run);
  create table day (
    date text not null,
    class text not null,
    owner text not null,
    images integer not null,
    findings integer not null,
    security integer not null,
    primary key (date, class, owner)
  ) strict, without rowid;
  create table manifest_of (
    digest text not null,
    platform text not null,
    manifest text not null,
    primary key (digest, platform)
  ) strict, without rowid;
  create table workload (
    id text primary key,
    engine text not null,
    place text not null,
    first integer not null,
    last integer not null
  ) strict, without rowid;
  create table act (
    id integer primary key,
    workload text not null,
    from_digest text,
    to_digest text not null,
    outcome text not null,
    at integer not null,
    run integer references run (id) on delete set null
  ) strict;
  create index act_workload on act (workload);
  create index act_run on act (run);
  create table request (
    reference text primary key,
    requested integer not null,
    not_before integer not null,
    source text not null,
    person text
  ) strict, without rowid;
  create table hook (
    source text not null,
    delivery text not null,
    at integer not null,
    status text not null,
    primary key (source, delivery)
  ) strict, without rowid;
  create table audit (
    id integer primary key,
    at integer not null,
    person text not null,
    action text not null,
    subject text not null
  ) strict;
  create table schedule (
    name text primary key,
    due integer not null
  ) strict, without rowid;
  `,`
  drop table workload;
  create table workload (
    scope text not null,
    kind text not null,
    name text not null,
    report text not null,
    first integer not null,
    last integer not null,
    primary key (scope, kind, name)
  ) strict, without rowid;
  create table finding_detail (
    id text not null,
    class text not null,
    detail text not null,
    primary key (id, class)
  ) strict, without rowid;
  alter table run add column begun integer;
  update run set begun = started;
  create index finding_open on finding (reference, class, security, since) where gone is null;
  create index finding_event_at on finding_event (at);
  create index consumer_reference on consumer (reference, repository);
  alter table inventory add column used integer not null default 0;
  update inventory set used = coalesce((select max(started) from run), 0);
  -- Lists of pages, a row per line; what of a repository stands is found without looking at all findings.
  create table summary_image (
    reference text primary key,
    uses integer not null,
    repositories integer not null,
    class text,
    findings integer not null,
    security integer not null,
    since integer
  ) strict, without rowid;
  create table summary_repository (
    name text primary key,
    uses integer not null,
    images integer not null,
    findings integer not null,
    security integer not null,
    since integer
  ) strict, without rowid;
  create table build (
    id integer primary key,
    reference text not null,
    digest text not null,
    manifests text not null,
    sample text not null,
    places integer not null
  ) strict;
  create table build_manifest (
    manifest text not null,
    build integer not null references build (id) on delete cascade,
    primary key (manifest, build)
  ) strict, without rowid;
  create index build_manifest_build on build_manifest (build);
  create index finding_repository on finding (repository, security, since) where gone is null;
  create index consumer_repository on consumer (repository, reference);
  ${ae};
  `,`
  drop table act;
  create table act (
    id integer primary key,
    workload text not null,
    described text not null default '{"engine":"","kind":"container","name":""}',
    reference text not null default '',
    class text not null default '',
    from_digest text,
    to_digest text not null,
    manifest text not null,
    began integer not null,
    ended integer,
    outcome text,
    reason text not null default '',
    told integer,
    cleared integer
  ) strict;
  create index act_workload on act (workload);
  create index act_open on act (outcome) where cleared is null;
  create table node (
    cluster text not null,
    node text not null,
    ready integer not null,
    seen integer not null,
    primary key (cluster, node)
  ) strict, without rowid;
  create table rebalanced (
    cluster text primary key,
    at integer not null
  ) strict, without rowid;
  `];var oe=class{#e;constructor(e){this.#e=e}memoryOf(e,t){return this.#e.alone(()=>{let n=t=>this.#e.all(t,e),r=n(`select news, max(delivered, coalesce(reminded, 0)) as last from delivery where channel = ? and state = 'delivered'`),i=this.#e.all(`select repository from baseline where channel = ? and repository in (select value from json_each(?))`,e,JSON.stringify(t)),[a]=n(`select code, first, runs from trouble where channel = ?`);return{told:new Map(r.map(e=>[String(e.news),Number(e.last)])),closings:n(se).map(ce),baselines:new Set(i.map(e=>String(e.repository))),windows:new Map(n(`select kind, period from window where channel = ?`).map(e=>[String(e.kind),String(e.period)])),...a&&{trouble:{code:String(a.code),first:Number(a.first),runs:Number(a.runs)}}}})}async windows(e){let t=await this.#e.alone(()=>this.#e.all(`select channel, kind, period from window where channel in (select value from json_each(?))`,JSON.stringify(e)));return new Map([...Map.groupBy(t,e=>String(e.channel))].map(([e,t])=>[e,new Map(t.map(e=>[String(e.kind),String(e.period)]))]))}delivered(e,{news:t,receipt:n,now:r}){return this.#n(`insert into delivery (news, channel, state, tries, message, delivered)
       select value, ?2, 'delivered', 1, ?3, ?4 from json_each(?1) where true
       on conflict do update set state = 'delivered', tries = tries + 1, message = excluded.message,
         delivered = excluded.delivered, closing = null, reminded = null`,JSON.stringify(t),e,n??null,r)}reminded(e,t,n){return this.#t(`reminded`,e,t,n)}closed(e,t,n){return this.#t(`closing`,e,t,n)}forget(e){return this.#n(`delete from delivery where news = ?`,e)}recordBaselines(e,t,n){return this.#n(`insert into baseline (channel, repository, told) select ?, value, ? from json_each(?) where true on conflict do nothing`,e,n,JSON.stringify(t))}openWindow(e,t,n){return this.#n(`insert into window (channel, kind, period) values (?, ?, ?) on conflict do update set period = excluded.period`,e,t,n)}failed(e,t,n){return this.#e.alone(()=>{let[r]=this.#e.all(`insert into trouble (channel, code, first, runs) values (?, ?, ?, 1)
         on conflict do update set code = excluded.code, runs = runs + 1 returning first, runs`,e,t,n);return{code:t,first:Number(r?.first),runs:Number(r?.runs)}})}recovered(e){return this.#n(`delete from trouble where channel = ?`,e)}#t(e,t,n,r){return this.#n(`update delivery set ${e} = ? where channel = ? and news in (select value from json_each(?))`,r,t,JSON.stringify(n))}#n(e,...t){return this.#e.alone(()=>void this.#e.run(e,...t))}};const se=`select news, class, reference, message, news.closed
  from delivery join news on news.key = delivery.news
  where channel = ? and state = 'delivered' and closed is not null and closing is null
  order by reference, class, news`;function ce(e){return{news:String(e.news),class:String(e.class),reference:String(e.reference),...e.message!==null&&{receipt:String(e.message)},closed:Number(e.closed)}}function*C(e,t,n){e.run(`delete from finding_event where at < ?`,n-t.events),yield,e.run(`delete from finding where gone < ?`,n-t.events),e.run(`delete from finding_detail where not exists (select 1 from finding where finding.id = finding_detail.id and finding.class = finding_detail.class)`),yield,e.run(`delete from run where started < ? and id <> (select max(id) from run where scope = 'all')`,n-t.runs),e.run(`delete from day where date < ?`,new Date(n-t.runs).toISOString().slice(0,10)),yield;let r=`used < ? and manifest not in (select manifest from consumed)`,i=n-t.inventories;e.all(`select 1 from inventory where ${r} limit 1`,i).length>0&&(e.run(`delete from inventory where ${r}`,i),yield,e.run(`delete from package where id not in (select package from contains)`)),e.run(`delete from manifest_of where manifest not in (select manifest from inventory)`),e.run(`delete from act where ended < ? and (cleared is not null or outcome not in ('undone', 'rolled-back'))`,n-t.runs),e.run(`delete from hook where at < ?`,n-864e5),e.run(`delete from audit where at < ?`,n-t.runs)}const w=`insert or replace into finding_event (id, class, at, run, kind, from_class, digest, reason) values (?, ?, ?, ?, ?, ?, ?, ?)`;function*le(e,t,n,r){let i=/* @__PURE__ */ new Map,a=/* @__PURE__ */ new Map;for(let t of yield*e.rows(`select id, class, gone, latest from finding`)){let e=t.gone===null;i.set(`${t.id} ${t.class}`,{open:e,latest:t.latest===null?null:String(t.latest)}),e&&a.set(String(t.id),String(t.class))}let o=t.flatMap(e=>{let t=i.get(`${e.id} ${e.class}`),n=e.detail?.latest??e.detail?.tag??null;if(t?.open&&t.latest===n)return[];let r=a.get(e.id);return[{one:e,kind:t?.open?`changed`:`opened`,latest:n,from:r===e.class?null:r??null}]});yield*e.each(o,w,({one:e,kind:t,latest:i,from:a})=>[e.id,e.class,n,r,t,a,i,e.reason])}function ue(e,{startedAt:t,record:{summary:n}}){let r=new Date(t).toISOString().slice(0,10);e.run(`delete from day where date = ?`,r),e.run(`insert into day (date, class, owner, images, findings, security)
     select ?, class, iif(instr(repository, '/') > 1, substr(repository, 1, instr(repository, '/') - 1), repository) as owner,
       count(distinct reference), count(*), sum(coalesce(security, 0))
     from finding where gone is null group by class, owner`,r),e.run(`insert into day (date, class, owner, images, findings, security) values (?, '*', '*', ?, ?, ?)`,r,n.images,n.uses,n.unknown+n.unchecked)}function de(e,{startedAt:t,trigger:n,number:r,targeted:i,record:a}){let{cost:o,summary:s,problems:c}=a,l=e.run(`insert into run (id, started, begun, "trigger", scope, requests, pulls, bytes, cost, summary, problems)
     values (?, ?2, ?2, ?, ?, ?, ?, ?, ?, ?, ?)
     on conflict (id) do update set started = excluded.started, begun = coalesce(begun, excluded.begun), requests = excluded.requests,
       pulls = excluded.pulls, bytes = excluded.bytes, cost = excluded.cost, summary = excluded.summary, problems = excluded.problems`,r??null,t,n,i===void 0?`all`:`targets`,o.requests,o.countedPulls,o.bytes,JSON.stringify(o),JSON.stringify(s),T(c)),u=r??l;return E(e,u,i),u}function T(e){let n=t.state.runProblemText.most;return JSON.stringify({first:e.slice(0,t.state.runProblems.most).map(({code:e,message:t,subject:r})=>({code:e,message:t.slice(0,n),...r!==void 0&&{subject:r.slice(0,n)}})),all:e.length})}function E(e,t,n){for(let[r,i]of[[`reference`,n?.references],[`scope`,n?.scopes]])i!==void 0&&e.run(`insert into run_target (run, kind, value) select ?, ?, value from json_each(?) where true on conflict do nothing`,t,r,JSON.stringify([...i]))}function*fe(e,{trigger:t,targeted:n,at:r}){let i=n===void 0?`all`:`targets`,a=e.run(`insert into run (started, "trigger", scope) values (?, ?, ?)`,r,t,i);return E(e,a,n),yield,a}function D({read:e,targeted:t}){let n=new Map(e.map(e=>[e.id,{...e,files:new Set(e.files)}]));return({scope:e,file:r,reference:i})=>{let a=n.get(e);if(a===void 0||!o(t,{scope:e,file:r,...i!==void 0&&{reference:i}}))return!1;let{files:s,missed:c,isPartial:l}=a;return r===``?!l:(l||c===`somewhere`)&&!s.has(r)?!1:c===`somewhere`||!c.some(e=>e===r||r.startsWith(`${e}/`))}}function O(e,t){return e===`all`||(e?.has(t)??!1)}function*pe(e,t){he(e,t.startedAt);let n=de(e,t);return yield*ge(e,t),yield*k(e,t,n),yield*A(e,t,n),t.targeted===void 0&&ue(e,t),yield*M(e,t),yield*I(e,t),yield*L(e,t),_e(e,t),yield*b(e),n}const me=[[`run`,[`started`,`finished`]],[`finding`,[`since`,`seen`,`gone`]],[`news`,[`first`,`closed`]],[`delivery`,[`delivered`,`reminded`,`closing`]],[`base_line`,[`moved`]],[`baseline`,[`told`]],[`trouble`,[`first`]],[`watched`,[`last`]],[`workload`,[`first`,`last`]]];function he(e,t){for(let[n,r]of me){let i=r.map(e=>`${e} > ?1`).join(` or `),a=r.map(e=>`${e} = min(${e}, ?1)`).join(`, `);e.run(`update ${n} set ${a} where ${i}`,t)}e.run(`update look set first = min(first, ?1 - 1), last = min(last, ?1 - 1) where last > ?1`,t),e.run(`update snooze set until = ?1 + until - created, created = ?1 where created > ?1 + 86400000`,t)}function*ge(e,{looks:t,startedAt:n}){yield*e.each(t,`insert into look (reference, platform, digest, first, last) values (?, ?, ?, ?, ?)
     on conflict do update set last = max(last, excluded.last)`,({reference:e,platform:t,digest:r})=>[e,t,r,n,n]),yield*e.each(t.filter(({platform:e})=>e===`*`),`insert into base_line (reference, digest, moved) values (?, ?, ?) on conflict do nothing`,({reference:e,digest:t})=>[e,t,n])}function*k(e,{findings:t,startedAt:n},r){yield*le(e,t,n,r),yield*e.each(t,`insert into finding (id, class, reference, scope, repository, file, line, workload, written, remedy, security, held, reason, since, seen, latest)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     on conflict do update set reference = excluded.reference, scope = excluded.scope, repository = excluded.repository,
       file = excluded.file, line = excluded.line, workload = excluded.workload, written = excluded.written, remedy = excluded.remedy,
       security = excluded.security, held = excluded.held, reason = excluded.reason,
       since = iif(gone is null, since, excluded.since), seen = excluded.seen, gone = null, latest = excluded.latest`,({id:e,class:t,reference:r,scope:i,repository:a,file:o,line:s,workload:c,written:l,remedy:u,security:d,held:f=null,reason:p,detail:m})=>[e,t,r,i,a,o,s,c===void 0?null:JSON.stringify(c),l,u,d===null?null:Number(d),f,p,n,n,m?.latest??m?.tag??null]),yield*e.each(t.filter(({detail:e})=>e!==void 0),`insert into finding_detail (id, class, detail) values (?, ?, ?)
     on conflict do update set detail = excluded.detail where detail <> excluded.detail`,({id:e,class:t,detail:n})=>[e,t,JSON.stringify(n)])}function*A(e,t,n){let r=D(t),i=new Set(t.findings.map(e=>`${e.id} ${e.class}`)),a=(yield*e.rows(`select id, class, scope, file, reference from finding where gone is null`)).filter(e=>{let[n,a]=[String(e.id),String(e.class)];return!i.has(`${n} ${a}`)&&!O(t.untold.get(n),a)&&r(P(e))});yield*e.each(a,w,e=>[String(e.id),String(e.class),t.startedAt,n,`gone`,null,null,null]),yield*e.each(a,`update finding set gone = ? where id = ? and class = ?`,({id:e,class:n})=>[t.startedAt,String(e),String(n)])}function j({findings:e,notices:t}){let n=/* @__PURE__ */ new Map,r=(e,t,r,i)=>{let a=n.get(e);a===void 0?n.set(e,{class:t,reference:r,places:[...i]}):a.places.push(...i)};for(let{news:t,class:n,reference:i,scope:a,file:o}of e)for(let e of t)r(e,n,i,[{scope:a,file:o,reference:i}]);for(let{news:e,class:n,reference:i,places:a}of t)for(let t of e)r(t,n,i,a);return n}function*M(e,t){let n=t.startedAt,r=j(t);yield;let i=e.prepare(`select first, closed from news where key = ?`),a=e.prepare(`insert into news (key, class, reference, first) values (?, ?, ?, ?)`),o=e.prepare(`update news set runs = runs + 1 where key = ?`),s=e.prepare(`update news set closed = null, first = ?, runs = 1 where key = ?`),c=e.prepare(`delete from delivery where news = ?`),l=0;for(let[e,{class:u,reference:d}]of r){++l%500==0&&(yield);let r=i.get(e);r===void 0?a.run(e,u,d,n):r.closed===null?t.targeted===void 0&&o.run(e):u===`pin-broken`||n-Number(r.closed)>=864e5?(s.run(n,e),c.run(e)):s.run(Number(r.first),e)}yield*N(e,t,r)}function*N(e,t,n){let r=D(t),i=/* @__PURE__ */ new Map;for(let[e,{places:t}]of n)i.set(e,new Set(t.map(F)));yield;let a=[],o=/* @__PURE__ */ new Set;for(let n of yield*e.rows(`select news, scope, file, news_place.reference, class from news_place join news on key = news where closed is null`)){let e=String(n.news),s=P(n),c=i.get(e)?.delete(F(s))??!1,l=s.reference===void 0?void 0:t.unsure.get(s.reference);!c&&r(s)&&!O(l,String(n.class))?a.push(n):o.add(e)}yield*e.each(a,`delete from news_place where news = ? and scope = ? and file = ? and reference = ?`,e=>[`news`,`scope`,`file`,`reference`].map(t=>String(e[t])));let s=[...n].flatMap(([e,{places:t}])=>t.filter(t=>i.get(e)?.delete(F(t))).map(t=>({key:e,place:t})));yield*e.each(s,`insert or ignore into news_place (news, scope, file, reference) values (?, ?, ?, ?)`,({key:e,place:{scope:t,file:n,reference:r=``}})=>[e,t,n,r]);let c=new Set(a.map(e=>String(e.news))),l=(yield*e.rows(`select key, class, reference from news where closed is null`)).filter(e=>{let r=String(e.key);return n.has(r)||o.has(r)?!1:c.has(r)||t.isComplete&&!O(t.unsure.get(String(e.reference)),String(e.class))});yield*e.each(l,`update news set closed = ? where key = ?`,({key:e})=>[t.startedAt,String(e)])}function P(e){let t=String(e.reference);return{scope:String(e.scope),file:String(e.file),...t!==``&&{reference:t}}}function F({scope:e,file:t,reference:n=``}){return`${e}\n${t}\n${n}`}function*I(e,{read:t,targeted:n,startedAt:r}){let i=t.filter(({id:e,isPartial:t})=>!t&&n?.references===void 0&&s(n,e));yield*e.each(i,`delete from watched where scope = ?`,({id:e})=>[e]);let a=i.flatMap(({id:e,name:t,files:n,lost:r})=>[``,...n,...r].map(n=>({id:e,name:t,file:n})));yield*e.each(a,`insert into watched (scope, name, file, last) values (?, ?, ?, ?) on conflict do nothing`,({id:e,name:t,file:n})=>[e,t,n,r])}function*L(e,{workloads:t,read:n,targeted:r,startedAt:i}){if(yield*e.each(t,`insert into workload (scope, kind, name, report, first, last) values (?, ?, ?, ?, ?, ?)
     on conflict do update set report = excluded.report, last = excluded.last`,({scope:e,...t})=>[e,t.kind,t.name,JSON.stringify(t),i,i]),r?.references!==void 0)return;let a=JSON.stringify(n.map(({id:e})=>e));e.run(`delete from workload where last < ?2 and scope in (select value from json_each(?1))`,a,i)}function _e(e,{dropped:t,startedAt:n}){if(t.length===0)return;let r=JSON.stringify(t),i=`scope in (select value from json_each(?1))`;e.run(`delete from watched where ${i}`,r),e.run(`delete from workload where ${i}`,r),e.run(`update finding set gone = ?2 where gone is null and ${i}`,r,n);let a=`select news from news_place where ${i} and news not in (select news from news_place where not ${i})`;e.run(`update delivery set closing = ?2 where closing is null and news in (${a})`,r,n),e.run(`update news set closed = ?2 where closed is null and key in (${a})`,r,n),e.run(`delete from news_place where ${i}`,r)}function ve(e){return{active:async t=>(await e.alone(()=>e.all(`select kind, value, until from snooze where until > ? order by until, kind, value`,t))).map(e=>({kind:String(e.kind),value:String(e.value),until:Number(e.until)})),add:(t,n)=>e.alone(()=>void e.run(`insert into snooze (kind, value, until, created)
             select value->>'kind', value->>'value', value->>'until', ? from json_each(?) where true
             on conflict do update set until = excluded.until, created = excluded.created`,n,JSON.stringify(t)))}}function ye(e){let t=(t,...n)=>e.alone(()=>void e.run(t,...n));return{due:async t=>{let[n]=await e.alone(()=>e.all(`select due from schedule where name = ?`,t));return n===void 0?void 0:Number(n.due)},setDue:(e,n)=>t(`insert into schedule (name, due) values (?, ?) on conflict do update set due = excluded.due`,e,n),addRechecks:e=>t(`insert into request (reference, requested, not_before, source)
         select value->>'reference', value->>'requested', value->>'requested', value->>'source' from json_each(?) where true
         on conflict do nothing`,JSON.stringify(e)),rechecks:async()=>(await e.alone(()=>e.all(`select * from request order by requested, reference`))).map(e=>({reference:String(e.reference),requested:Number(e.requested),source:String(e.source)})),removeRechecks:e=>t(`delete from request where reference in (select value from json_each(?))`,JSON.stringify(e)),firstDelivery:(t,n,r)=>e.alone(()=>e.all(`insert into hook (source, delivery, at, status) values (?, ?, ?, 'taken') on conflict do nothing returning at`,t,n,r).length>0),audit:({at:e,person:n,action:r,subject:i})=>t(`insert into audit (at, person, action, subject) values (?, ?, ?, ?)`,e,n,r,i),audited:async t=>(await e.alone(()=>e.all(`select * from audit order by id desc limit ?`,t))).map(e=>({at:Number(e.at),person:String(e.person),action:String(e.action),subject:String(e.subject)}))}}const R=[`edit`,`rebuild`,`redeploy`,`upgrade-line`,`newer-base`,`none`],z=1e3;function B({id:e,scope:t,repository:n,file:r,line:i,workload:a,written:o,reference:s,digest:c,manifests:l}){let u=new Map(l.toReversed().map(({platform:e,manifest:t})=>[e,t]));return JSON.stringify([e,t,n,r,i,a??null,o,s,c,[...u].sort()])}var be=class{#e;constructor(e){this.#e=e}record(e,t,n){return this.#e.transaction(()=>this.#t(e,t,n))}*#t({consumers:e,unlooked:t,seen:n=[],at:r=0},i,a){let o=D(a),s=e=>a.dropped.includes(e.scope)||o(e),c=new Map(e.map(e=>[e.id,e])),l=/* @__PURE__ */ new Set,u=[],d=new Set(a.unsure.keys());for(let[e,t]of(yield*this.#a()).entries()){e%z==0&&(yield);let n=c.get(t.id);n!==void 0&&B(n)===B(t)?l.add(t.id):n!==void 0||a.unsure.get(t.reference)!==`all`&&s(t)?u.push(t.id):d.add(t.reference)}yield*this.#e.each(u,`delete from consumer where id = ?`,e=>[e]),yield*this.#r(i,d,a);let f=e.filter(({id:e})=>!l.has(e));yield*this.#e.each(f,`insert into consumer (id, scope, repository, file, line, workload, written, reference, digest) values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,({id:e,scope:t,repository:n,file:r,line:i,workload:a,written:o,reference:s,digest:c})=>[e,t,n,r,i,a===void 0?null:JSON.stringify(a),o,s,c]),yield*this.#e.each(f.flatMap(({id:e,manifests:t})=>t.map(t=>({id:e,...t}))),`insert or ignore into consumed (consumer, platform, manifest) values (?, ?, ?)`,({id:e,platform:t,manifest:n})=>[e,t,n]),yield*this.#i(t,c,s),yield*this.#n(e,n,r),yield*x(this.#e)}*#n(e,t,n){let r=e.flatMap(({digest:e,manifests:t})=>t.map(t=>({digest:e,...t}))),i=new Map([...r,...t].map(e=>[`${e.digest} ${e.platform}`,e]));yield*this.#e.each(i.values(),`insert into manifest_of (digest, platform, manifest) values (?, ?, ?) on conflict do nothing`,({digest:e,platform:t,manifest:n})=>[e,t,n]),yield*this.#e.each(new Set([...i.values()].map(({manifest:e})=>e)),`update inventory set used = ?2 where manifest = ?1 and used < ?2 - 86400000`,e=>[e,n])}*#r(e,t,{targeted:n}){let r=this.#e.all(`select distinct reference from fix`).map(e=>String(e.reference)).filter(e=>!t.has(e)&&(n?.references?.has(e)??!0));yield*this.#e.each(r,`delete from fix where reference = ?`,e=>[e]);let i=n===void 0?e:e.filter(({reference:e})=>!t.has(e));yield*this.#e.each(i,`insert into fix (reference, package, version, remedy) values (?, ?, ?, ?) on conflict do update set version = excluded.version`,e=>[e.reference,e.package,e.version,e.remedy])}*#i(e,t,n){let r=(yield*this.#e.rows(`select id, scope, file, reference from unlooked`)).filter(({id:e,scope:r,file:i,reference:a})=>{let o={scope:String(r),file:String(i),reference:String(a)};return t.has(String(e))||n(o)});yield*this.#e.each(r,`delete from unlooked where id = ?`,({id:e})=>[String(e)]),yield*this.#e.each(e,`insert or replace into unlooked (id, scope, file, reference)
       select ?1, ?2, ?3, ?4 where not exists (select 1 from consumer where id = ?1)`,({id:e,scope:t,file:n,reference:r})=>[e,t,n,r])}*#a(){let e=/* @__PURE__ */ new Map;for(let t of yield*this.#e.rows(`select consumer, platform, manifest from consumed`)){let n=String(t.consumer),r=e.get(n)??[];r.push({platform:String(t.platform),manifest:String(t.manifest)}),e.set(n,r)}return(yield*this.#e.rows(`select * from consumer`)).map(t=>{let n=String(t.id);return{id:n,scope:String(t.scope),repository:String(t.repository),file:String(t.file),line:Number(t.line),...t.workload!==null&&{workload:H(t)},written:String(t.written),reference:String(t.reference),digest:String(t.digest),manifests:e.get(n)??[]}})}async coverage(){let[e]=await this.#s(`select count(distinct reference) as images,
         count(distinct iif(manifest is null or manifest not in (select manifest from inventory where whole = 1), reference, null)) as missing
       from (select build.reference, build_manifest.manifest from build left join build_manifest on build_manifest.build = build.id
             union all select reference, null from unlooked)`),t=Number(e?.images??0);return{looked:t-Number(e?.missing??0),images:t}}async known(e,t){let n=await this.#s(`select manifest from inventory where extractor = ? and manifest in (select value from json_each(?))`,t,JSON.stringify(e));return new Set(n.map(e=>String(e.manifest)))}addInventory(e,t,n){return this.#e.transaction(()=>this.#o(e,t,n))}*#o(e,t,{os:n,scheme:r,packages:i,isWhole:a}){this.#e.run(`delete from inventory where manifest = ?`,e);let o=this.#e.run(`insert into inventory (manifest, extractor, os, scheme, whole, used) values (?, ?, ?, ?, ?, coalesce((select max(started) from run), 0))`,e,t,n??null,r,Number(a)),s=this.#e.prepare(`select id from package where name = ? and version = ? and architecture = ?`),c=this.#e.prepare(`insert into package (name, version, architecture, source) values (?, ?, ?, ?)`),l=this.#e.prepare(`insert into contains (package, inventory) values (?, ?) on conflict do nothing`);for(let[e,{name:t,version:n,architecture:r,source:a}]of i.entries()){e%z==0&&(yield);let i=a===void 0||a.name===t?null:a.name,u=s.get(t,n,r)?.id??c.run(t,n,r,i).lastInsertRowid;l.run(u,o)}}async carriers(e){let t=await this.#s(`select package.name, package.source, package.version, package.architecture, inventory.scheme, inventory.os, consumed.platform,
         consumer.reference, consumer.digest, consumer.repository, consumer.file, consumer.line, consumer.workload, consumer.written
       from package
       join contains on contains.package = package.id
       join inventory on inventory.id = contains.inventory
       join consumed on consumed.manifest = inventory.manifest
       join consumer on consumer.id = consumed.consumer
       where package.id in (select id from package where name = ?1 union select id from package where source = ?1)
       order by consumer.repository, consumer.file, consumer.line, consumed.platform, package.name, package.version,
         architecture, consumer.id`,e),n=/* @__PURE__ */ new Map,r=JSON.stringify([...new Set(t.map(e=>e.name))]);for(let e of await this.#s(`select * from fix where package in (select value from json_each(?))`,r)){let t=`${e.reference} ${e.package}`,r=n.get(t)??[];n.set(t,[...r,{version:String(e.version),remedy:String(e.remedy)}])}for(let e of n.values())e.sort((e,t)=>R.indexOf(e.remedy)-R.indexOf(t.remedy));return t.map(e=>({name:String(e.name),source:e.source===null?null:String(e.source),version:String(e.version),architecture:String(e.architecture),scheme:String(e.scheme),os:e.os===null?null:String(e.os),platform:String(e.platform),reference:String(e.reference),digest:String(e.digest),repository:String(e.repository),...U(e),written:String(e.written),fixes:n.get(`${e.reference} ${e.name}`)??[]}))}async similar(e){return(await this.#s(`select name from (select name from package union select source as name from package where source is not null)
       where name like ? escape '\\' or ? like '%' || replace(replace(name, '%', ''), '_', '') || '%'
       order by abs(length(name) - length(?)), name limit 5`,`%${e.replace(/[\\%_]/g,`\\$&`)}%`,e,e)).map(e=>String(e.name)).filter(t=>t!==e)}async standing(){return(await this.#s(`select * from finding where gone is null order by since, reference, repository, file, line, class`)).map(e=>({id:String(e.id),class:String(e.class),repository:String(e.repository),...U(e),written:String(e.written),reference:String(e.reference),remedy:String(e.remedy),security:e.security===null?null:e.security===1,held:e.held===null?null:String(e.held),reason:String(e.reason),since:Number(e.since),checked:Number(e.seen)}))}async lastRun(){let[e]=await this.#s(`select max(started) as started from run where scope = 'all' and (summary is not null or begun = started)`);return e?.started==null?void 0:Number(e.started)}async references(e){return e===void 0?(await this.#s(`select reference from look union select reference from finding order by 1`)).map(e=>String(e.reference)):(await this.#s(`select distinct reference from look where reference = ? or substr(reference, 1, ?) = ?
       union select distinct reference from finding where reference = ? or substr(reference, 1, ?) = ? order by 1`,e,e.length+1,`${e}:`,e,e.length+1,`${e}:`)).map(e=>String(e.reference))}async history(e){let t=await this.#s(`select digest, first, last from look where reference = ? and platform = '*'`,e),n=await this.#s(`select class, repository, file, line, workload, reason, since as first, seen as last from finding where reference = ?`,e);return[...t.map(e=>({kind:`digest`,first:Number(e.first),last:Number(e.last),digest:String(e.digest)})),...n.map(e=>({kind:`finding`,first:Number(e.first),last:Number(e.last),class:String(e.class),place:l(c(U(e)),String(e.repository)),reason:String(e.reason)}))].sort((e,t)=>t.first-e.first||(V(e)<V(t)?-1:1))}async workloads(){return(await this.#s(`select report, first, last from workload order by report ->> 'engine', name, kind`)).map(({report:e,first:t,last:n})=>({...JSON.parse(String(e)),first:Number(t),last:Number(n)}))}#s(e,...t){return this.#e.alone(()=>this.#e.all(e,...t))}};function V(e){return e.kind===`digest`?`digest ${e.digest}`:`finding ${e.class} ${e.place}`}function H(e){return JSON.parse(String(e.workload))}function U(e){return typeof e.workload==`string`?{workload:H(e)}:{file:String(e.file),line:Number(e.line)}}const W=_(`class`);var xe=class{#e;constructor(e){this.#e=e}async events(e,n){let[r,i]=G([[`reference = ?`,e.reference],[`finding_event.id = ?`,e.id]]);return(await this.#n(`select finding_event.*, reference, repository, file, line, workload, finding_event.reason as why
       from finding_event join finding on finding.id = finding_event.id and finding.class = finding_event.class ${r}
       order by at desc, finding_event.kind, finding_event.id limit ?`,...i,Math.min(n,t.report.pageRows.most))).map(e=>({id:String(e.id),class:String(e.class),at:Number(e.at),run:Number(e.run),kind:String(e.kind),...J(`from`,e.from_class),...J(`latest`,e.digest),...J(`reason`,e.why),reference:String(e.reference),repository:String(e.repository),...U(e)}))}async days(e){let t=await this.#n(`select date, class, sum(images) as images, sum(findings) as findings, sum(security) as security
       from day where date >= ? group by date, class order by date`,e);return[...Map.groupBy(t,e=>String(e.date))].map(([e,t])=>{let n=t.find(e=>e.class===`*`),r=t.filter(e=>e!==n);return{date:e,images:Number(n?.images??0),uses:Number(n?.findings??0),untold:Number(n?.security??0),findings:Object.fromEntries(r.map(e=>[String(e.class),Number(e.findings)])),security:r.reduce((e,t)=>e+Number(t.security),0)}})}async images({text:e,class:t,repository:n},r){let[i,a]=G([[`summary_image.reference like ? escape '\\'`,e===void 0?void 0:`%${K(e)}%`],[`exists (select 1 from finding where finding.reference = summary_image.reference and gone is null and class = ?)`,t],[`summary_image.reference in (with wanted (name) as (select ?)
           select reference from wanted join consumer on repository = name
           union select reference from wanted join finding on repository = name where gone is null)`,n]]);return this.#t(`select summary_image.*,
         (select max(last) from look where look.reference = summary_image.reference and platform = '*') as looked
       from summary_image ${i} order by ${W}, since, reference`,a,r,e=>({reference:String(e.reference),uses:Number(e.uses),repositories:Number(e.repositories),...e.class!==null&&{class:String(e.class)},findings:Number(e.findings),isSecurity:e.security===1,...q(`since`,e.since),...q(`looked`,e.looked)}))}uses(e,t){return this.#t(`select * from consumer where reference = ? order by repository, file, line, id`,[e],t,e=>({id:String(e.id),repository:String(e.repository),...U(e),written:String(e.written),reference:String(e.reference),digest:String(e.digest)}))}async oldest(){let e=await this.#e.alone(()=>this.#e.all(`select class, min(since) as since from finding where gone is null group by class`));return new Map(e.map(e=>[String(e.class),Number(e.since)]))}async findings({text:e,class:t,repository:n,reference:r},i){let[a,o]=G([[`finding.reference like ? escape '\\'`,e===void 0?void 0:`%${K(e)}%`],[`finding.class = ?`,t],[`finding.repository = ?`,n],[`finding.reference = ?`,r]],`gone is null`),s=await this.#t(`select * from finding ${a}
       order by ${_(`finding.class`)}, since, finding.reference, finding.repository, file, line, finding.id`,o,i,e=>({id:String(e.id),class:String(e.class),repository:String(e.repository),...U(e),written:String(e.written),reference:String(e.reference),remedy:String(e.remedy),security:e.security===null?null:e.security===1,held:e.held===null?null:String(e.held),reason:String(e.reason),since:Number(e.since),checked:Number(e.seen)})),c=JSON.stringify(s.items.map(({id:e})=>e)),l=s.items.length===0?[]:await this.#n(`select * from finding_detail where id in (select value from json_each(?))`,c),u=new Map(l.map(e=>[`${e.id} ${e.class}`,String(e.detail)])),d=s.items.map(e=>{let t=u.get(`${e.id} ${e.class}`);return t===void 0?e:{...e,detail:JSON.parse(t)}});return{...s,items:d}}async manifests(e){return(await this.#n(`select platform, manifest from manifest_of where digest = ? order by platform`,e)).map(e=>({platform:String(e.platform),manifest:String(e.manifest)}))}async inventory(e){let[t]=await this.#n(`select * from inventory where manifest = ?`,e);if(t===void 0)return;let n=await this.#n(`select name, version, architecture, source from package join contains on contains.package = package.id
       where contains.inventory = ? order by name, architecture, version`,Number(t.id));return{isWhole:t.whole===1,...t.os!==null&&{os:String(t.os)},scheme:String(t.scheme),packages:n.map(e=>({name:String(e.name),version:String(e.version),architecture:String(e.architecture),...e.source!==null&&{source:{name:String(e.source)}}}))}}packages(e,t){return this.#t(`with carried as (
         select distinct package.name, package.version, inventory.scheme, inventory.os, build.id, build.reference || build.digest as image, places
         from package join contains on contains.package = package.id join inventory on inventory.id = contains.inventory
         join build_manifest on build_manifest.manifest = inventory.manifest join build on build.id = build_manifest.build
         where package.id in (select id from package where name = ?1 union select id from package where source = ?1))
       select name, version, scheme, os, count(distinct image) as images, sum(places) as places
       from carried group by name, version, scheme, os order by name, places desc, version, os`,[e],t,e=>({name:String(e.name),version:String(e.version),scheme:String(e.scheme),os:e.os===null?null:String(e.os),images:Number(e.images),places:Number(e.places)}))}carriers(e,t,n){return this.#t(`with carrier as (
         select distinct build.id, build.reference, build.digest, places
         from package join contains on contains.package = package.id join inventory on inventory.id = contains.inventory
         join build_manifest on build_manifest.manifest = inventory.manifest join build on build.id = build_manifest.build
         where package.name = ?1 and package.version = ?2)
       select reference, digest, sum(places) as places,
         (select json_group_array(json_array(fix.version, fix.remedy)) from fix where fix.reference = carrier.reference and fix.package = ?1) as fixes
       from carrier group by reference, digest order by places desc, reference, digest`,[e,t],n,e=>{let t=JSON.parse(String(e.fixes));return{reference:String(e.reference),digest:String(e.digest),places:Number(e.places),fixes:t.map(([e,t])=>({version:e,remedy:t})).sort((e,t)=>R.indexOf(e.remedy)-R.indexOf(t.remedy))}})}fixes(e){return this.#t(`select package, count(distinct reference) as images, json_group_array(distinct version) as versions, json_group_array(distinct remedy) as remedies
       from fix group by package order by images desc, package`,[],e,e=>{let n=JSON.parse(String(e.remedies));return{package:String(e.package),versions:JSON.parse(String(e.versions)).slice(0,t.report.pageVersions.most),images:Number(e.images),remedies:n.sort((e,t)=>R.indexOf(e)-R.indexOf(t))}})}async packageNames(e){return(await this.#n(`select distinct name from package where name like ? escape '\\' order by length(name), name limit ?`,`%${K(e)}%`,t.report.pageRows.most)).map(e=>String(e.name))}repositories(e,t){return this.#t(`select * from summary_repository where ?1 is null or name like ?1 escape '\\'
       order by security desc, findings desc, name`,[t===void 0?null:`%${K(t)}%`],e,e=>({name:String(e.name),uses:Number(e.uses),images:Number(e.images),findings:Number(e.findings),security:Number(e.security),...q(`since`,e.since)}))}news(e){return this.#t(`select key, class, reference, first, runs,
         (select count(*) from news_place where news_place.news = news.key) as places,
         (select count(*) from delivery where delivery.news = news.key and state = 'delivered') as told
       from news where closed is null order by ${W}, first, key`,[],e,e=>({key:String(e.key),class:String(e.class),reference:String(e.reference),first:Number(e.first),runs:Number(e.runs),places:Number(e.places),told:Number(e.told)}))}async channels(){return(await this.#n(`select coalesce(told.channel, trouble.channel) as name, delivered, last, code, first, runs
       from (select channel, count(*) as delivered, max(delivered) as last from delivery where state = 'delivered' group by channel) as told
       full join trouble on trouble.channel = told.channel order by name`)).map(e=>({name:String(e.name),delivered:Number(e.delivered??0),...q(`last`,e.last),...e.code!==null&&{trouble:{code:String(e.code),first:Number(e.first),runs:Number(e.runs)}}}))}async#t(e,n,r,i){let a=r!==void 0&&/^\d{1,9}$/.test(r)?Number(r):0,o=t.report.pageRows.most,s=await this.#n(`${e} limit ${o+1} offset ${a}`,...n);return{items:s.slice(0,o).map(i),...s.length>o&&{next:String(a+o)}}}#n(e,...t){return this.#e.alone(()=>this.#e.all(e,...t))}};function G(e,t){let n=e.filter(e=>e[1]!==void 0),r=[...t===void 0?[]:[t],...n.map(([e])=>e)];return[r.length===0?``:`where ${r.join(` and `)}`,n.map(([,e])=>e)]}function K(e){return e.replace(/[\\%_]/g,`\\$&`)}function q(e,t){return t==null?{}:{[e]:Number(t)}}function J(e,t){return t===null?{}:{[e]:String(t)}}function Se(e){return{observe:(t,n,r)=>e.alone(()=>{let i=JSON.stringify(n.filter(({isReady:e})=>e).map(({id:e})=>e));e.run(`delete from node where cluster = ? and node not in (select value from json_each(?))`,t,i),e.run(`insert into node (cluster, node, ready, seen) select ?1, value, ?2, ?2 from json_each(?3) where true
           on conflict do update set ready = min(ready, excluded.ready), seen = excluded.seen`,t,r,i);let a=e.all(`select node, ready from node where cluster = ?`,t);return new Map(a.map(e=>[String(e.node),Number(e.ready)]))}),rebalanced:async t=>{let[n]=await e.alone(()=>e.all(`select at from rebalanced where cluster = ?`,t));return n===void 0?void 0:Number(n.at)},setRebalanced:(t,n)=>e.alone(()=>void e.run(`insert into rebalanced (cluster, at) values (?, ?) on conflict do update set at = excluded.at`,t,n))}}const Ce=/* @__PURE__ */ new Map([[26985,`NFS`],[20859,`SMB`],[4283649346,`CIFS`],[4266872130,`SMB2`],[1397113167,`AFS`],[1937076805,`Coda`]]);function we(t,{readOnly:n}){Y(t);let a=u.dirname(u.resolve(t));if(n&&!f(t))throw new e(`STATE`,`there is no state at ${t}; "plimsoll run" makes one`);let o=r(t,()=>(n||p(a,{recursive:!0,mode:448}),Te(t,a),Ee(t,n)));return new ke(new i(t,o),n)}function Y(t){if(/^[a-z][a-z0-9+.-]*:\/\//i.test(t))throw new e(`STATE`,`the state is named by an address, and has to be a file on this machine`);if(g(t,{throwIfNoEntry:!1})?.isDirectory())throw new e(`STATE`,`the state ${t} cannot be used: it is a folder; name a file in it`)}function Te(t,n){let r=Ce.get(te(n).type);if(r)throw new e(`STATE`,`the state ${t} is on a network file system (${r}), where SQLite loses data; put it on a local disk`)}function Ee(n,r){let i=new ne(n,{readOnly:r,timeout:t.state.lock.most});try{let[t]=i.prepare(`pragma quick_check(1)`).all();if(t?.quick_check!==`ok`)throw new e(`STATE`,`the state ${n} is damaged: ${String(t?.quick_check)}; restore it from a copy, or delete it and lose what it remembers`);return De(n,i,r),r||Oe(n,i),i}catch(e){throw i.close(),e}}function X(e){return Number(e.prepare(`pragma user_version`).get()?.user_version??0)}function De(t,n,r){let i=X(n);if(i>S.length)throw new e(`STATE`,`the state ${t} has schema ${i}, written by a newer Plimsoll; this one knows ${S.length}. Update Plimsoll`);if(i===0&&n.prepare(`select 1 from sqlite_schema limit 1`).get()!==void 0)throw new e(`STATE`,`${t} is the database of another program; name another file for the state`);if(r&&i<S.length)throw new e(`STATE`,`the state ${t} has the older schema ${i}; "plimsoll run" brings it forward`)}function Oe(e,t){let n=X(t);n>0&&n<S.length&&Z(e,t,n),t.exec(`pragma journal_mode = wal; pragma synchronous = normal; pragma foreign_keys = on`);for(let[e,n]of S.entries())e<X(t)||(t.exec(`begin immediate`),e>=X(t)&&t.exec(`${n}; pragma user_version = ${e+1}`),t.exec(`commit`))}function Z(t,r,i){let[a,o]=[u.dirname(u.resolve(t)),u.basename(t)],s=`${o}.before-v${S.length}`,c=u.join(a,`${s}.partial`);try{h(c,{force:!0}),r.prepare(`vacuum into ?`).run(c),d(c,g(t).mode),ee(c,u.join(a,s))}catch(r){throw h(c,{force:!0}),new e(`STATE`,`the state ${t} has schema ${i}, and could not be copied to ${s} beside it before it is brought forward: ${n(r)}; nothing was changed`,{cause:r})}for(let e of m(a))e.startsWith(`${o}.before-v`)&&/^\d+$/.test(e.slice(o.length+9))&&e!==s&&h(u.join(a,e),{force:!0})}var ke=class{#e;#t;outbox;snoozes;fleet;memory;daemon;acts;swarms;watch;constructor(e,t){this.#e=e,this.#t=t,this.outbox=new oe(e),this.snoozes=ve(e),this.fleet=new be(e),this.memory=new xe(e),this.daemon=ye(e),this.acts=re(e),this.swarms=Se(e),this.watch=Ae(e)}async looks(e,t=`*`){let n=await this.#e.alone(()=>this.#e.all(`select reference, digest, first, last from look
      where reference in (select value from json_each(?)) and platform = ? order by last desc, first desc`,JSON.stringify(e),t));return new Map([...Map.groupBy(n,e=>String(e.reference))].map(([e,t])=>[e,t.map(e=>({digest:String(e.digest),first:Number(e.first),last:Number(e.last)}))]))}async baseLines(e){let t=await this.#e.alone(()=>this.#e.all(`select reference, digest from base_line where reference in (select value from json_each(?))`,JSON.stringify(e)));return new Map(t.map(e=>[String(e.reference),String(e.digest)]))}moveBaseLines(e,t){return this.#e.alone(()=>void this.#e.run(`insert into base_line (reference, digest, moved) select value->>0, value->>1, ? from json_each(?) where true
      on conflict do update set digest = excluded.digest, moved = excluded.moved`,t,JSON.stringify([...e])))}async openNews(){let e=await this.#e.alone(()=>this.#e.all(`select key, class, reference, first, runs from news where closed is null`));return new Map(e.map(e=>[String(e.key),{class:String(e.class),reference:String(e.reference),first:Number(e.first),runs:Number(e.runs)}]))}recordRun(e){return this.#e.transaction(()=>pe(this.#e,e))}endRun(e,{finishedAt:t,outcome:n,exit:r,problem:i}){let a=i===void 0?null:T([i]);return this.#e.alone(()=>void this.#e.run(`update run set finished = ?, outcome = ?, exit = ?, problems = coalesce(problems, ?) where id = ?`,t,n,r??null,a,e))}prune(e,t){return this.#e.transaction(()=>C(this.#e,e,t))}async copyTo(e){await this.#e.alone(()=>void this.#e.run(`vacuum into ?`,e))}queueRun({trigger:e,targeted:t,at:n}){return this.#e.transaction(()=>fe(this.#e,{trigger:e,at:n,...t&&{targeted:t}}))}beginRun(e,t){return this.#e.alone(()=>void this.#e.run(`update run set begun = max(?, started + 1) where id = ?`,t,e))}async run(e){return(await this.#e.alone(()=>this.#e.all(`${Q} where id = ?`,e))).map($)[0]}async runs(e){return(await this.#e.alone(()=>this.#e.all(`${Q} order by id desc limit ?`,e))).map($)}close(){return this.#e.alone(()=>{this.#t||this.#n(),this.#e.close()})}#n(){this.#e.exec(`pragma wal_checkpoint(truncate); pragma busy_timeout = 0`);try{this.#e.exec(`pragma journal_mode = delete`)}catch{}}};const Q=`select *, (select json_group_array(json_array(kind, value)) from run_target where run = run.id) as targets from run`;function $(e){let t=(t,n)=>e[t]===null?n:JSON.parse(String(e[t])),n=t(`targets`,[]),r=e=>new Set(n.flatMap(([t,n])=>t===e?[n]:[])),[i,a]=[r(`reference`),r(`scope`)];return{id:Number(e.id),trigger:String(e.trigger),...e.scope===`targets`&&{targeted:{...i.size>0&&{references:i},...a.size>0&&{scopes:a}}},startedAt:Number(e.started),...e.finished!==null&&{finishedAt:Number(e.finished)},...e.outcome!==null&&{outcome:String(e.outcome)},...e.exit!==null&&{exit:Number(e.exit)},...e.begun!==null&&{begunAt:Number(e.begun)},...e.cost!==null&&{cost:t(`cost`,void 0)},...e.summary!==null&&{summary:t(`summary`,void 0)},problems:t(`problems`,{first:[],all:0})}}function Ae(e){return{scopes:async()=>(await e.alone(()=>e.all(`select scope, name, last from watched where file = '' order by name, scope`))).map(e=>({id:String(e.scope),name:String(e.name),last:Number(e.last)})),readBefore:async t=>(await e.alone(()=>e.all(`select value->>'scope' as scope, value->>'file' as file from json_each(?)
        where exists (select 1 from watched where name = value->>'scope' and watched.file = value->>'file')`,JSON.stringify(t)))).map(e=>({scope:String(e.scope),file:String(e.file)}))}}export{Y as n,we as t};
