import{n as e,t}from"./errors.js";import n from"node:path";import{existsSync as r,mkdirSync as i,statfsSync as a}from"node:fs";import{DatabaseSync as o}from"node:sqlite";const s=[`
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
  `],c=/* @__PURE__ */ new Map([[26985,`NFS`],[20859,`SMB`],[4283649346,`CIFS`],[4266872130,`SMB2`],[1397113167,`AFS`],[1937076805,`Coda`]]);function l(e,{readOnly:a}){let o=n.dirname(n.resolve(e));if(a&&!r(e))throw new t(`STATE`,`there is no state at ${e}; "plimsoll run" makes one`);return new m(e,p(e,()=>(a||i(o,{recursive:!0,mode:448}),u(e,o),d(e,a))),a)}function u(e,n){let r=c.get(a(n).type);if(r)throw new t(`STATE`,`the state ${e} is on a network file system (${r}), where SQLite loses data; put it on a local disk`)}function d(e,n){let r=new o(e,{readOnly:n,timeout:5e3});try{n||r.exec(`pragma journal_mode = wal; pragma synchronous = normal; pragma foreign_keys = on`);let[i]=r.prepare(`pragma quick_check(1)`).all();if(i?.quick_check!==`ok`)throw new t(`STATE`,`the state ${e} is damaged: ${String(i?.quick_check)}; restore it from a copy, or delete it and lose what it remembers`);return f(e,r,n),r}catch(e){throw r.close(),e}}function f(e,n,r){let i=Number(n.prepare(`pragma user_version`).get()?.user_version??0);if(i>s.length)throw new t(`STATE`,`the state ${e} has schema ${i}, written by a newer Plimsoll; this one knows ${s.length}. Update Plimsoll`);if(i===0&&n.prepare(`select 1 from sqlite_schema limit 1`).get()!==void 0)throw new t(`STATE`,`${e} is the database of another program; name another file for the state`);if(i!==s.length){if(r)throw new t(`STATE`,`the state ${e} has the older schema ${i}; "plimsoll run" brings it forward`);for(let[e,t]of s.entries())e<i||n.exec(`begin immediate; ${t}; pragma user_version = ${e+1}; commit`)}}function p(n,r){try{return r()}catch(r){if(r instanceof t)throw r;let i=Number(r.errcode??0)&255,a=i===5?`another process is writing it; try again`:i===8?`it cannot be written`:i===11||i===26?`it is damaged, or no SQLite database; restore it from a copy, or delete it and lose what it remembers`:i===13?`the disk is full`:e(r);throw new t(`STATE`,`the state ${n} cannot be used: ${a}`,{cause:r})}}var m=class{#e;#t;#n;constructor(e,t,n){this.#e=e,this.#t=t,this.#n=n}lastLook(e,t=`*`){return this.looks(e,t)[0]}looks(e,t=`*`){return this.#a(`select digest, first, last from look where reference = ? and platform = ? order by last desc, first desc`,e,t).map(e=>({digest:String(e.digest),first:Number(e.first),last:Number(e.last)}))}undelivered(e,t){let n=this.#a(`select news from delivery where channel = ? and state = 'delivered'`,e),r=new Set(n.map(e=>e.news));return t.filter(e=>!r.has(e))}openNews(){let e=this.#a(`select key, first from news where closed is null`);return new Map(e.map(e=>[String(e.key),{first:Number(e.first)}]))}recordRun(e){return this.#o(()=>{let t=e.startedAt,n=Number(this.#i(`insert into run (started, finished) values (?, ?)`).run(t,t).lastInsertRowid),r=this.#i(`insert into look (reference, platform, digest, first, last) values (?, ?, ?, ?, ?) on conflict do update set last = max(last, excluded.last)`);for(let{reference:n,platform:i,digest:a}of e.looks)r.run(n,i,a,t,t);let i=this.#i(`insert into finding (id, class, reference, file, first_run, last_run) values (?, ?, ?, ?, ?, ?) on conflict do update set last_run = excluded.last_run, file = excluded.file`),a=this.#i(`insert into news (key, class, reference, first) values (?, ?, ?, ?) on conflict do update set closed = null`),o=/* @__PURE__ */ new Set;for(let r of e.findings){i.run(r.id,r.class,r.reference,r.file,n,n);for(let e of r.news)a.run(e,r.class,r.reference,t),o.add(e)}let s=this.#i(`update news set closed = ? where key = ?`);for(let e of this.openNews().keys())o.has(e)||s.run(t,e);return n})}batchWeek(e){let[t]=this.#a(`select week from batch where channel = ?`,e);return t&&String(t.week)}recordDelivered(e,t,n,r){this.#o(()=>{r!==void 0&&this.#i(`insert into batch (channel, week) values (?, ?) on conflict do update set week = excluded.week`).run(e,r);let i=this.#i(`insert into delivery (news, channel, state, tries, delivered) values (?, ?, 'delivered', 1, ?) on conflict do update set state = 'delivered', tries = tries + 1, delivered = excluded.delivered`);for(let r of t)i.run(r,e,n)})}close(){p(this.#e,()=>{this.#n||this.#r(),this.#t.close()})}#r(){this.#t.exec(`pragma wal_checkpoint(truncate); pragma busy_timeout = 0`);try{this.#t.exec(`pragma journal_mode = delete`)}catch{}}#i(e){return this.#t.prepare(e)}#a(e,...t){return p(this.#e,()=>this.#i(e).all(...t))}#o(e){return p(this.#e,()=>{this.#t.exec(`begin immediate`);try{let t=e();return this.#t.exec(`commit`),t}catch(e){throw this.#t.isTransaction&&this.#t.exec(`rollback`),e}})}};export{l as openSqliteStore};
