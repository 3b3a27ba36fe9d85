import{t as e}from"./errors.js";import{t}from"./limits.js";import{n}from"./news.js";import{n as r,t as i}from"./database.js";import a from"node:path";import{existsSync as o,mkdirSync as s,statSync as c,statfsSync as l}from"node:fs";import{DatabaseSync as u}from"node:sqlite";const d=[`
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
  `];var f=class{#e;constructor(e){this.#e=e}undelivered(e,t){let n=this.told(e);return t.filter(e=>!n.has(e))}delivered(e,{news:t,receipt:n,now:r}){this.#e.transaction(()=>{let i=this.#e.prepare(`insert into delivery (news, channel, state, tries, message, delivered) values (?, ?, 'delivered', 1, ?, ?) on conflict do update set state = 'delivered', tries = tries + 1, message = excluded.message, delivered = excluded.delivered, closing = null, reminded = null`);for(let a of t)i.run(a,e,n??null,r)})}told(e){let t=this.#e.all(`select news, max(delivered, coalesce(reminded, 0)) as last from delivery where channel = ? and state = 'delivered'`,e);return new Map(t.map(e=>[String(e.news),Number(e.last)]))}reminded(e,t,n){this.#t(`reminded`,e,t,n)}closings(e){return this.#e.all(`select news, class, reference, message, news.closed, not exists (
         select 1 from delivery as other join news as open on open.key = other.news
         where other.channel = delivery.channel and other.message = delivery.message and open.closed is null
       ) as whole
       from delivery join news on news.key = delivery.news
       where channel = ? and state = 'delivered' and closed is not null and closing is null
       order by reference, class, news`,e).map(e=>({news:String(e.news),class:String(e.class),reference:String(e.reference),...e.message!==null&&{receipt:String(e.message)},closed:Number(e.closed),isWhole:e.whole===1}))}closed(e,t,n){this.#t(`closing`,e,t,n)}receipt(e,t){let[n]=this.#e.all(`select message from delivery where channel = ? and news = ?`,e,t);return n?.message==null?void 0:String(n.message)}forget(e){this.#e.run(`delete from delivery where news = ?`,e)}hasBaseline(e,t){return this.#e.all(`select 1 from baseline where channel = ? and repository = ?`,e,t).length>0}recordBaseline(e,t,n){this.#e.run(`insert into baseline (channel, repository, told) values (?, ?, ?) on conflict do nothing`,e,t,n)}window(e,t){let[n]=this.#e.all(`select period from window where channel = ? and kind = ?`,e,t);return n&&String(n.period)}openWindow(e,t,n){this.#e.run(`insert into window (channel, kind, period) values (?, ?, ?) on conflict do update set period = excluded.period`,e,t,n)}trouble(e){let[t]=this.#e.all(`select code, first, runs from trouble where channel = ?`,e);return t&&{code:String(t.code),first:Number(t.first),runs:Number(t.runs)}}failed(e,t,n){return this.#e.run(`insert into trouble (channel, code, first, runs) values (?, ?, ?, 1) on conflict do update set code = excluded.code, runs = runs + 1`,e,t,n),this.trouble(e)??{code:t,first:n,runs:1}}recovered(e){this.#e.run(`delete from trouble where channel = ?`,e)}#t(e,t,n,r){this.#e.transaction(()=>{let i=this.#e.prepare(`update delivery set ${e} = ? where channel = ? and news = ?`);for(let e of n)i.run(r,t,e)})}};function p({whole:e,unread:t}){let n=new Set(e.map(({name:e})=>e));return(e,r)=>t.scopes.has(e)||t.isOpen&&!n.has(e)&&!t.partly.has(e)||t.partly.get(e)?.has(r)===!1?!1:!t.places.some(t=>t.scope===e&&(t.file===r||r.startsWith(`${t.file}/`)))}var m=class{#e;constructor(e){this.#e=e}active(e){return this.#e.all(`select kind, value, until from snooze where until > ? order by until, kind, value`,e).map(e=>({kind:String(e.kind),value:String(e.value),until:Number(e.until)}))}add({kind:e,value:t,until:n},r){this.#e.run(`insert into snooze (kind, value, until, created) values (?, ?, ?, ?) on conflict do update set until = excluded.until, created = excluded.created`,e,t,n,r)}};const h=[`edit`,`rebuild`,`upgrade-line`,`newer-base`,`none`],g=2e3;function _({id:e,repository:t,file:n,line:r,written:i,reference:a,digest:o}){return[e,t,n,r,i,a,o]}function v(e){let t=[...new Map(e.manifests.toReversed().map(({platform:e,manifest:t})=>[e,t]))].sort(([e],[t])=>e<t?-1:1);return JSON.stringify(_(e))+t.map(e=>e.join(` `)).join(` `)}var y=class{#e;constructor(e){this.#e=e}*record(e,{consumers:t,unlooked:n},r,i){let a=p(i),o=new Map(t.map(e=>[e.id,e])),s=/* @__PURE__ */ new Set,c=[],l=new Set(i.unsure.keys());for(let e of this.#e.all(`select id, repository, file, reference,
  json_array(id, repository, file, line, written, reference, digest) || coalesce(
    (select group_concat(platform || ' ' || manifest, ' ') from (select * from consumed where consumer = consumer.id order by platform)), '') as "all"
  from consumer`)){let[t,n,r,u]=[`id`,`repository`,`file`,`reference`].map(t=>String(e[t])),d=o.get(t);d===void 0?i.unsure.get(u)!==`all`&&a(n,r)?c.push(t):l.add(u):e.all===v(d)&&s.add(t)}yield,this.#e.transaction(()=>{this.#t(c),this.#e.run(`delete from fix where reference not in (select value from json_each(?))`,JSON.stringify([...l]));let e=this.#e.prepare(`insert into fix (reference, package, version, remedy) values (?, ?, ?, ?) on conflict do update set version = excluded.version`);for(let t of r)e.run(t.reference,t.package,t.version,t.remedy);this.#e.exec(`delete from unlooked`),this.#e.run(`insert or ignore into unlooked (id, repository, reference) select value->>0, value->>1, value->>2 from json_each(?)
         where value->>0 not in (select id from consumer)`,JSON.stringify(n.map(({id:e,repository:t,reference:n})=>[e,t,n])))});let u=t.filter(({id:e})=>!s.has(e));for(let t=0;t<u.length;t+=g)yield,this.#n(e,u.slice(t,t+g));yield,this.#e.exec(`delete from inventory where manifest not in (select manifest from consumed)`)}#t(e){this.#e.run(`delete from consumer where id in (select value from json_each(?))`,JSON.stringify(e))}#n(e,t){this.#e.transaction(()=>{this.#t(t.map(({id:e})=>e)),this.#e.run(`insert into consumer (id, repository, file, line, written, reference, digest, run)
         select value->>0, value->>1, value->>2, value->>3, value->>4, value->>5, value->>6, ? from json_each(?)`,e,JSON.stringify(t.map(_))),this.#e.run(`insert or ignore into consumed (consumer, platform, manifest) select value->>0, value->>1, value->>2 from json_each(?)`,JSON.stringify(t.flatMap(({id:e,manifests:t})=>t.map(({platform:t,manifest:n})=>[e,t,n]))))})}coverage(){let[e]=this.#e.all(`select count(distinct reference) as images,
         count(distinct iif(manifest is null or manifest not in (select manifest from inventory where whole = 1), reference, null)) as missing
       from (select consumer.reference, consumed.manifest from consumer left join consumed on consumed.consumer = consumer.id
             union all select reference, null from unlooked)`),t=Number(e?.images??0);return{looked:t-Number(e?.missing??0),images:t}}knows(e,t){return this.#e.all(`select 1 from inventory where manifest = ? and extractor = ?`,e,t).length>0}addInventory(e,t,{os:n,scheme:r,packages:i,isWhole:a}){this.#e.transaction(()=>{this.#e.run(`delete from inventory where manifest = ?`,e);let o=this.#e.run(`insert into inventory (manifest, extractor, os, scheme, whole) values (?, ?, ?, ?, ?)`,e,t,n??null,r,Number(a)),s=this.#e.prepare(`select id from package where name = ? and version = ? and architecture = ?`),c=this.#e.prepare(`insert into package (name, version, architecture, source) values (?, ?, ?, ?)`),l=this.#e.prepare(`insert into contains (package, inventory) values (?, ?) on conflict do nothing`);for(let{name:e,version:t,architecture:n,source:r}of i){let i=r===void 0||r.name===e?null:r.name,a=s.get(e,t,n)?.id??c.run(e,t,n,i).lastInsertRowid;l.run(a,o)}})}carriers(e){let t=this.#e.all(`select package.name, package.source, package.version, package.architecture, inventory.scheme, inventory.os, consumed.platform,
         consumer.reference, consumer.digest, consumer.repository, consumer.file, consumer.line, consumer.written
       from package
       join contains on contains.package = package.id
       join inventory on inventory.id = contains.inventory
       join consumed on consumed.manifest = inventory.manifest
       join consumer on consumer.id = consumed.consumer
       where package.id in (select id from package where name = ?1 union select id from package where source = ?1)
       order by consumer.repository, consumer.file, consumer.line, consumed.platform, package.name, package.version`,e),n=/* @__PURE__ */ new Map,r=JSON.stringify([...new Set(t.map(e=>e.name))]);for(let e of this.#e.all(`select * from fix where package in (select value from json_each(?))`,r)){let t=`${e.reference} ${e.package}`,r=n.get(t)??[];n.set(t,[...r,{version:String(e.version),remedy:String(e.remedy)}])}for(let e of n.values())e.sort((e,t)=>h.indexOf(e.remedy)-h.indexOf(t.remedy));return t.map(e=>({name:String(e.name),source:e.source===null?null:String(e.source),version:String(e.version),architecture:String(e.architecture),scheme:String(e.scheme),os:e.os===null?null:String(e.os),platform:String(e.platform),reference:String(e.reference),digest:String(e.digest),repository:String(e.repository),file:String(e.file),line:Number(e.line),written:String(e.written),fixes:n.get(`${e.reference} ${e.name}`)??[]}))}similar(e){return this.#e.all(`select name from (select name from package union select source as name from package where source is not null)
       where name like ? escape '\\' or ? like '%' || replace(replace(name, '%', ''), '_', '') || '%'
       order by abs(length(name) - length(?)), name limit 5`,`%${e.replace(/[\\%_]/g,`\\$&`)}%`,e,e).map(e=>String(e.name)).filter(t=>t!==e)}standing(){return this.#e.all(`select finding.*, run.started as since, coalesce(checks.started, run.started) as checked_at
       from finding join run on run.id = finding.first_run left join run as checks on checks.id = finding.checked
       where last_run = (select max(id) from run) order by run.started, reference, repository, file, line, class`).map(e=>({id:String(e.id),class:String(e.class),repository:String(e.repository),file:String(e.file),line:Number(e.line),written:String(e.written),reference:String(e.reference),remedy:String(e.remedy),security:e.security===null?null:e.security===1,held:e.held===null?null:String(e.held),reason:String(e.reason),since:Number(e.since),checked:Number(e.checked_at)}))}lastRun(){let[e]=this.#e.all(`select max(started) as started from run`);return e?.started==null?void 0:Number(e.started)}references(e){return this.#e.all(`select distinct reference from look where reference = ? or substr(reference, 1, ?) = ?
       union select distinct reference from finding where reference = ? or substr(reference, 1, ?) = ? order by 1`,e,e.length+1,`${e}:`,e,e.length+1,`${e}:`).map(e=>String(e.reference))}history(e){let t=this.#e.all(`select digest, first, last from look where reference = ? and platform = '*'`,e),n=this.#e.all(`select class, repository, file, line, reason, a.started as first, b.started as last
       from finding join run a on a.id = first_run join run b on b.id = last_run where reference = ?`,e);return[...t.map(e=>({kind:`digest`,first:Number(e.first),last:Number(e.last),digest:String(e.digest)})),...n.map(e=>({kind:`finding`,first:Number(e.first),last:Number(e.last),class:String(e.class),place:`${e.repository===`.`?``:`${e.repository}/`}${e.file}:${e.line}`,reason:String(e.reason)}))].sort((e,t)=>t.first-e.first||(b(e)<b(t)?-1:1))}};function b(e){return e.kind===`digest`?`digest ${e.digest}`:`finding ${e.class} ${e.place}`}const x=/* @__PURE__ */ new Map([[26985,`NFS`],[20859,`SMB`],[4283649346,`CIFS`],[4266872130,`SMB2`],[1397113167,`AFS`],[1937076805,`Coda`]]);function S(t,{readOnly:n}){C(t);let c=a.dirname(a.resolve(t));if(n&&!o(t))throw new e(`STATE`,`there is no state at ${t}; "plimsoll run" makes one`);let l=r(t,()=>(n||s(c,{recursive:!0,mode:448}),w(t,c),T(t,n)));return new O(new i(t,l),n)}function C(t){if(/^[a-z][a-z0-9+.-]*:\/\//i.test(t))throw new e(`STATE`,`the state is named by an address, and has to be a file on this machine`);if(c(t,{throwIfNoEntry:!1})?.isDirectory())throw new e(`STATE`,`the state ${t} cannot be used: it is a folder; name a file in it`)}function w(t,n){let r=x.get(l(n).type);if(r)throw new e(`STATE`,`the state ${t} is on a network file system (${r}), where SQLite loses data; put it on a local disk`)}function T(n,r){let i=new u(n,{readOnly:r,timeout:t.state.lock.most});try{r||i.exec(`pragma journal_mode = wal; pragma synchronous = normal; pragma foreign_keys = on`);let[t]=i.prepare(`pragma quick_check(1)`).all();if(t?.quick_check!==`ok`)throw new e(`STATE`,`the state ${n} is damaged: ${String(t?.quick_check)}; restore it from a copy, or delete it and lose what it remembers`);return E(n,i,r),i}catch(e){throw i.close(),e}}function E(t,n,r){let i=Number(n.prepare(`pragma user_version`).get()?.user_version??0);if(i>d.length)throw new e(`STATE`,`the state ${t} has schema ${i}, written by a newer Plimsoll; this one knows ${d.length}. Update Plimsoll`);if(i===0&&n.prepare(`select 1 from sqlite_schema limit 1`).get()!==void 0)throw new e(`STATE`,`${t} is the database of another program; name another file for the state`);if(i!==d.length){if(r)throw new e(`STATE`,`the state ${t} has the older schema ${i}; "plimsoll run" brings it forward`);for(let[e,t]of d.entries())e<i||n.exec(`begin immediate; ${t}; pragma user_version = ${e+1}; commit`)}}const D=[[`run`,[`started`,`finished`]],[`news`,[`first`,`closed`]],[`delivery`,[`delivered`,`reminded`,`closing`]],[`base_line`,[`moved`]],[`baseline`,[`told`]],[`trouble`,[`first`]],[`watched`,[`last`]]];var O=class{#e;#t;outbox;snoozes;fleet;watch;constructor(e,t){this.#e=e,this.#t=t,this.outbox=new f(e),this.snoozes=new m(e),this.fleet=new y(e),this.watch=k(e)}lastLook(e,t=`*`){return this.looks(e,t)[0]}looks(e,t=`*`){return this.#e.all(`select digest, first, last from look where reference = ? and platform = ? order by last desc, first desc`,e,t).map(e=>({digest:String(e.digest),first:Number(e.first),last:Number(e.last)}))}baseLine(e){let[t]=this.#e.all(`select digest from base_line where reference = ?`,e);return t&&String(t.digest)}moveBaseLine(e,t,n){this.#e.run(`insert into base_line (reference, digest, moved) values (?, ?, ?) on conflict do update set digest = excluded.digest, moved = excluded.moved`,e,t,n)}openNews(){let e=this.#e.all(`select key, class, reference, first, runs from news where closed is null`);return new Map(e.map(e=>[String(e.key),{class:String(e.class),reference:String(e.reference),first:Number(e.first),runs:Number(e.runs)}]))}recordRun(e){return this.#e.transaction(()=>{let t=e.startedAt;this.#n(t);let n=this.#e.run(`insert into run (started, finished) values (?, ?)`,t,t);this.#r(e,t),this.#i(e,n);let r=this.#a(e,n);return this.#s(e,r,t),this.#o(e,t),n})}#n(e){for(let[t,n]of D){let r=n.map(e=>`${e} > ?1`).join(` or `),i=n.map(e=>`${e} = min(${e}, ?1)`).join(`, `);this.#e.run(`update ${t} set ${i} where ${r}`,e)}this.#e.run(`update look set first = min(first, ?1 - 1), last = min(last, ?1 - 1) where last > ?1`,e),this.#e.run(`update snooze set until = ?1 + until - created, created = ?1 where created > ?1 + 86400000`,e)}#r({looks:e},t){let n=this.#e.prepare(`insert into look (reference, platform, digest, first, last) values (?, ?, ?, ?, ?) on conflict do update set last = max(last, excluded.last)`),r=this.#e.prepare(`insert into base_line (reference, digest, moved) values (?, ?, ?) on conflict do nothing`);for(let{reference:i,platform:a,digest:o}of e)n.run(i,a,o,t,t),a===`*`&&r.run(i,o,t)}#i({findings:e},t){let n=this.#e.prepare(`insert into finding (id, class, reference, repository, file, line, written, remedy, security, held, reason, first_run, last_run, checked)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       on conflict do update set repository = excluded.repository, file = excluded.file, line = excluded.line,
         written = excluded.written, remedy = excluded.remedy, security = excluded.security, held = excluded.held,
         reason = excluded.reason, last_run = excluded.last_run, checked = excluded.checked,
         first_run = iif(last_run >= excluded.last_run - 1, first_run, excluded.first_run)`);for(let r of e){let e=r.security===null?null:Number(r.security),{id:i,reference:a,repository:o,file:s,line:c,written:l,remedy:u,held:d=null,reason:f}=r;n.run(i,r.class,a,o,s,c,l,u,e,d,f,t,t,t)}}#a(e,t){let n=p(e),r=this.#e.prepare(`update finding set last_run = ? where id = ? and class = ?`),i=/* @__PURE__ */ new Map;for(let a of this.#e.all(`select id, class, repository, file, reference from finding where last_run = ?`,t-1)){let[o,s,c]=[String(a.id),String(a.class),String(a.reference)],l=e.places.get(o),u=n(String(a.repository),String(a.file));i.set(c,u&&i.get(c)!==!1),(!u||l===`all`||l?.has(s))&&r.run(t,o,s)}let{scopes:a,isOpen:o,places:s,partly:c}=e.unread,l=a.size+s.length+c.size===0&&!o;return e=>i.get(e)??l}#o({whole:e},t){let n=this.#e.prepare(`delete from watched where scope = ?`),r=this.#e.prepare(`insert into watched (scope, name, file, last) values (?, ?, ?, ?) on conflict do nothing`);for(let{id:i,name:a,files:o}of e){n.run(i),r.run(i,a,``,t);for(let e of o)r.run(i,a,e,t)}}#s({findings:e,notices:t,unsure:r,unread:i},a,o){let s=this.#e.prepare(`select class, first, closed from news where key = ?`),c=this.#e.prepare(`insert into news (key, class, reference, first) values (?, ?, ?, ?)`),l=this.#e.prepare(`update news set runs = runs + 1 where key = ?`),u=this.#e.prepare(`update news set closed = null, first = ?, runs = 1 where key = ?`),d=this.#e.prepare(`delete from delivery where news = ?`),f=/* @__PURE__ */ new Set;for(let n of[...e,...t])for(let e of n.news){if(f.has(e))continue;f.add(e);let t=s.get(e);t===void 0?c.run(e,n.class,n.reference,o):t.closed===null?l.run(e):n.class===`pin-broken`||o-Number(t.closed)>=864e5?(u.run(o,e),d.run(e)):u.run(Number(t.first),e)}let p=this.#e.prepare(`update news set closed = ? where key = ?`);for(let[e,{class:t,reference:s}]of this.openNews()){let c=r.get(s),l=n(t)?i.scopes.size>0||i.isOpen:c===`all`||c?.has(t)||!a(s);!f.has(e)&&!l&&p.run(o,e)}}close(){this.#t||this.#c(),this.#e.close()}#c(){this.#e.exec(`pragma wal_checkpoint(truncate); pragma busy_timeout = 0`);try{this.#e.exec(`pragma journal_mode = delete`)}catch{}}};function k(e){return{lastRead:(t,n=``)=>{let[r]=e.all(`select max(last) as last from watched where name = ? and file = ?`,t,n);return r?.last==null?void 0:Number(r.last)},scopes:()=>e.all(`select scope, name, last from watched where file = '' order by name, scope`).map(e=>({id:String(e.scope),name:String(e.name),last:Number(e.last)})),forget:t=>{e.run(`delete from watched where scope = ?`,t)}}}export{C as n,S as t};
