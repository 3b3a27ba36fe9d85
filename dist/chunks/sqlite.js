import{Gn as e,Wn as t}from"./core.js";import{z as n}from"./shared.js";import{n as r,t as i}from"./stored-store.js";import{i as a,n as o,t as s}from"./sqlite-database.js";import c from"node:path";import{chmodSync as l,existsSync as u,readdirSync as d,renameSync as f,rmSync as p,statSync as m,statfsSync as h}from"node:fs";import{DatabaseSync as g}from"node:sqlite";const _=[`
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
  ${r};
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
  `,`
  create table rebuild (
    id integer primary key,
    image text not null,
    base text not null,
    was text not null,
    brings text not null,
    correlation text not null,
    at integer not null,
    timeout integer not null,
    sent integer,
    url text,
    ended integer,
    outcome text,
    reason text not null default '',
    told integer,
    cleared integer
  ) strict;
  create index rebuild_image on rebuild (image);
  `,`alter table consumer add column role text;`,`create index finding_list on finding (class, since, reference, repository) where gone is null;`,`
  create table published (
    image text not null,
    platform text not null,
    digest text not null,
    manifest text not null,
    base text not null,
    scope text not null,
    repository text not null,
    file text not null,
    line integer not null,
    primary key (image, platform)
  ) strict, without rowid;
  create index published_manifest on published (manifest);
  `,`create index news_list on news (class, first, key, closed) where closed is null;`,`
  create index inventory_partial on inventory (manifest) where whole = 0;
  create index build_reference on build (reference);
  `],v=/* @__PURE__ */ new Map([[26985,`NFS`],[20859,`SMB`],[4283649346,`CIFS`],[4266872130,`SMB2`],[1397113167,`AFS`],[1937076805,`Coda`]]);function y(t,{readOnly:r}){b(t);let a=c.dirname(c.resolve(t));if(r&&!u(t))throw new e(`STATE`,`there is no state at ${t}; "plimsoll run" makes one`);let l=o(t,()=>(r||n(a,448),x(t,a),S(t,r))),d=new s(t,l);return i(d,{copyTo:e=>d.change(`vacuum into ?`,e),close:()=>d.alone(()=>{r||D(d),d.close()})})}function b(t){if(/^[a-z][a-z0-9+.-]*:\/\//i.test(t))throw new e(`STATE`,`the state is named by an address, and has to be postgres://… or a file on this machine`);if(m(t,{throwIfNoEntry:!1})?.isDirectory())throw new e(`STATE`,`the state ${t} cannot be used: it is a folder; name a file in it`)}function x(t,n){let r=v.get(h(n).type);if(r)throw new e(`STATE`,`the state ${t} is on a network file system (${r}), where SQLite loses data; put it on a local disk`)}function S(n,r){let i=new g(n,{readOnly:r,timeout:t.state.lock.most});try{let[t]=i.prepare(`pragma quick_check(1)`).all();if(t?.quick_check!==`ok`)throw new e(`STATE`,`the state ${n} is damaged: ${String(t?.quick_check)}; restore it from a copy, or delete it and lose what it remembers`);return w(n,i,r),r||T(n,i),i}catch(e){throw i.close(),e}}function C(e){return Number(e.prepare(`pragma user_version`).get()?.user_version??0)}function w(t,n,r){let i=C(n);if(i>_.length)throw new e(`STATE`,`the state ${t} has schema ${i}, written by a newer Plimsoll; this one knows ${_.length}. Update Plimsoll`);if(i===0&&n.prepare(`select 1 from sqlite_schema limit 1`).get()!==void 0)throw new e(`STATE`,`${t} is the database of another program; name another file for the state`);if(r&&i<_.length)throw new e(`STATE`,`the state ${t} has the older schema ${i}; "plimsoll run" brings it forward`)}function T(e,t){let n=C(t);n>0&&n<_.length&&E(e,t,n),t.exec(`pragma journal_mode = wal; pragma synchronous = normal; pragma foreign_keys = on`);for(let[e,n]of _.entries())e<C(t)||(t.exec(`begin immediate`),e>=C(t)&&t.exec(`${n}; pragma user_version = ${e+1}`),t.exec(`commit`))}function E(t,n,r){let[i,o]=[c.dirname(c.resolve(t)),c.basename(t)],s=`${o}.before-v${_.length}`,u=c.join(i,`${s}.partial`);try{p(u,{force:!0}),n.prepare(`vacuum into ?`).run(u),l(u,m(t).mode),f(u,c.join(i,s))}catch(n){throw p(u,{force:!0}),new e(`STATE`,`the state ${t} has schema ${r}, and could not be copied to ${s} beside it before it is brought forward: ${a(n)}; nothing was changed`,{cause:n})}for(let e of d(i))e.startsWith(`${o}.before-v`)&&/^\d+$/.test(e.slice(o.length+9))&&e!==s&&p(c.join(i,e),{force:!0})}function D(e){e.exec(`pragma wal_checkpoint(truncate); pragma busy_timeout = 0`);try{e.exec(`pragma journal_mode = delete`)}catch{}}export{b as n,y as t};
