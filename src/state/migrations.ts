/**
 * The schema, one statement list per version; a state is brought forward one version at a time and never back.
 * Times are milliseconds since 1970; digests, keys and references are text.
 */
export const migrations: readonly string[] = [
  `
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
  `,
];
