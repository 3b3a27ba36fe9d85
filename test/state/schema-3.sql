CREATE TABLE look (
    reference text not null,
    platform text not null,
    digest text not null,
    first integer not null,
    last integer not null,
    primary key (reference, platform, digest)
  ) strict, without rowid;
CREATE TABLE run (
    id integer primary key,
    started integer not null,
    finished integer
  ) strict;
CREATE TABLE finding (
    id text not null,
    class text not null,
    reference text not null,
    file text not null,
    first_run integer not null references run (id),
    last_run integer not null references run (id), repository text not null default '', line integer not null default 0, written text not null default '', remedy text not null default 'none', security integer, held text, reason text not null default '', checked integer not null default 0,
    primary key (id, class)
  ) strict, without rowid;
CREATE TABLE news (
    key text primary key,
    class text not null,
    reference text not null,
    first integer not null,
    closed integer
  , runs integer not null default 1) strict, without rowid;
CREATE TABLE delivery (
    news text not null,
    channel text not null,
    state text not null check (state in ('pending', 'delivered', 'failed')),
    tries integer not null default 0,
    next integer,
    message text,
    delivered integer, reminded integer, closing integer,
    primary key (news, channel)
  ) strict, without rowid;
CREATE TABLE proposal (
    key text primary key,
    repository text not null,
    branch text not null,
    url text,
    state text not null,
    targets text not null,
    updated integer not null
  ) strict, without rowid;
CREATE TABLE inventory (
    id integer primary key,
    manifest text not null,
    extractor text not null,
    os text, scheme text, whole integer not null default 1,
    unique (manifest, extractor)
  ) strict;
CREATE TABLE package (
    id integer primary key,
    name text not null,
    version text not null,
    architecture text not null, source text,
    unique (name, version, architecture)
  ) strict;
CREATE TABLE contains (
    package integer not null references package (id),
    inventory integer not null references inventory (id) on delete cascade,
    primary key (package, inventory)
  ) strict, without rowid;
CREATE TABLE base_line (
    reference text primary key,
    digest text not null,
    moved integer not null
  ) strict, without rowid;
CREATE TABLE window (
    channel text not null,
    kind text not null,
    period text not null,
    primary key (channel, kind)
  ) strict, without rowid;
CREATE TABLE baseline (
    channel text not null,
    repository text not null,
    told integer not null,
    primary key (channel, repository)
  ) strict, without rowid;
CREATE TABLE trouble (
    channel text primary key,
    code text not null,
    first integer not null,
    runs integer not null
  ) strict, without rowid;
CREATE TABLE snooze (
    kind text not null check (kind in ('image', 'digest', 'news')),
    value text not null,
    until integer not null,
    created integer not null,
    primary key (kind, value)
  ) strict, without rowid;
CREATE INDEX package_source on package (source) where source is not null;
CREATE TABLE consumer (
    id text primary key,
    repository text not null,
    file text not null,
    line integer not null,
    written text not null,
    reference text not null,
    digest text not null,
    run integer not null references run (id)
  ) strict, without rowid;
CREATE TABLE consumed (
    consumer text not null references consumer (id) on delete cascade,
    platform text not null,
    manifest text not null,
    primary key (consumer, platform)
  ) strict, without rowid;
CREATE INDEX consumed_manifest on consumed (manifest);
CREATE TABLE fix (
    reference text not null,
    package text not null,
    version text not null,
    remedy text not null,
    primary key (reference, package, remedy)
  ) strict, without rowid;
CREATE TABLE watched (
    scope text not null,
    name text not null,
    file text not null,
    last integer not null,
    primary key (scope, file)
  ) strict, without rowid;
CREATE INDEX watched_name on watched (name, file);
CREATE TABLE unlooked (
    id text primary key,
    repository text not null,
    reference text not null
  ) strict, without rowid;
insert into "look" values ('registry.example/library/debian:12', '*', 'sha256:1300b795057e4df03805d22ecc42384dd0b2bfc8fd78c7da8496af4fe0e986a5', 1767614400000, 1767787200000);
insert into "look" values ('registry.example/library/redis:7', '*', 'sha256:118abb6a5071fcda56d8310577439ec989fbc8a1ef9bad1ae193269dd2775561', 1767614400000, 1767614400000);
insert into "look" values ('registry.example/library/redis:7', '*', 'sha256:22576eab08cbc1c0239fddf80c6b310f8d75c5c2a2157a94a334e1b8bd9103fd', 1767700800000, 1767787200000);
insert into "run" values (1, 1767614400000, 1767614400000);
insert into "run" values (2, 1767700800000, 1767700800000);
insert into "run" values (3, 1767787200000, 1767787200000);
insert into "finding" values ('4e739e914f06edd50dcd707d9a9a45ad00617acac8cfdd3745fb4c1965343b82', 'packages', 'registry.example/library/debian:12', 'api/Dockerfile', 1, 3, '.', 1, 'registry.example/library/debian:12@sha256:ca52e3815d668b5c989734143cf4b6a0f40556014dd5d4c90d3d885d157d9f9f', 'edit', null, null, '1 package changes, security not checked, config unchanged.', 3);
insert into "finding" values ('527cb57bc68ef16eef6051660fc883e067731b9154f6090b2a26fc3cf8d3037b', 'packages', 'registry.example/library/debian:12', 'web/Dockerfile', 1, 3, '.', 1, 'registry.example/library/debian:12@sha256:ca52e3815d668b5c989734143cf4b6a0f40556014dd5d4c90d3d885d157d9f9f', 'edit', null, null, '1 package changes, security not checked, config unchanged.', 3);
insert into "finding" values ('570078ebc8279e8a352a6cd770932b108b2fb206a052aff9f6414dac14feb845', 'packages', 'registry.example/library/redis:7', 'cache/Dockerfile', 2, 3, '.', 1, 'registry.example/library/redis:7', 'rebuild', null, null, '1 package changes, security not checked, config unchanged.', 3);
insert into "finding" values ('570078ebc8279e8a352a6cd770932b108b2fb206a052aff9f6414dac14feb845', 'unpinned', 'registry.example/library/redis:7', 'cache/Dockerfile', 1, 1, '.', 1, 'registry.example/library/redis:7', 'none', null, null, 'No digest, so there is nothing to compare with and no pull request is possible; pin it, or give --since.', 1);
insert into "finding" values ('957d15e44ed7e0bf802d2149ba654e60dcf58b871a1b0ec6ef42166a9eaad8e9', 'unknown', 'registry.example/library/nothing:1', 'gone/Dockerfile', 1, 3, '.', 1, 'registry.example/library/nothing:1', 'none', null, null, 'Could not be checked: registry.example/library/nothing:1: HEAD http://registry.example/v2/library/nothing/manifests/1: no such host.', 3);
insert into "news" values ('480aec545ce2dab6a98db70aa8e29fc71c3a0c57923461165c77c595604c5c38', 'packages', 'registry.example/library/redis:7', 1767700800000, null, 2);
insert into "news" values ('a4d5eec89468529ddfaead6a51ac94e44799abeee468b475761e4e1d0ded2f76', 'unknown', 'registry.example/library/nothing:1', 1767614400000, null, 3);
insert into "news" values ('d7779dfb1b552fb8e46a97987a3861f611caf79ae7b128f5f7a6f9554f6adf71', 'packages', 'registry.example/library/debian:12', 1767614400000, null, 3);
insert into "delivery" values ('a4d5eec89468529ddfaead6a51ac94e44799abeee468b475761e4e1d0ded2f76', 'stdout', 'delivered', 1, null, null, 1767787200000, null, null);
insert into "delivery" values ('d7779dfb1b552fb8e46a97987a3861f611caf79ae7b128f5f7a6f9554f6adf71', 'stdout', 'delivered', 1, null, null, 1767614400000, null, null);
insert into "inventory" values (1, 'sha256:ca52e3815d668b5c989734143cf4b6a0f40556014dd5d4c90d3d885d157d9f9f', '36c776d105ba', 'debian 12', 'dpkg', 1);
insert into "inventory" values (2, 'sha256:118abb6a5071fcda56d8310577439ec989fbc8a1ef9bad1ae193269dd2775561', '36c776d105ba', 'debian 12', 'dpkg', 1);
insert into "package" values (1, 'libc6', '2.36-9+deb12u9', 'amd64', null);
insert into "package" values (2, 'openssl', '3.0.15-1', 'amd64', null);
insert into "contains" values (1, 1);
insert into "contains" values (2, 1);
insert into "contains" values (2, 2);
insert into "base_line" values ('registry.example/library/debian:12', 'sha256:1300b795057e4df03805d22ecc42384dd0b2bfc8fd78c7da8496af4fe0e986a5', 1767614400000);
insert into "base_line" values ('registry.example/library/redis:7', 'sha256:118abb6a5071fcda56d8310577439ec989fbc8a1ef9bad1ae193269dd2775561', 1767614400000);
insert into "window" values ('stdout', 'weekly', '2026-W02');
insert into "consumer" values ('4e739e914f06edd50dcd707d9a9a45ad00617acac8cfdd3745fb4c1965343b82', '.', 'api/Dockerfile', 1, 'registry.example/library/debian:12@sha256:ca52e3815d668b5c989734143cf4b6a0f40556014dd5d4c90d3d885d157d9f9f', 'registry.example/library/debian:12', 'sha256:ca52e3815d668b5c989734143cf4b6a0f40556014dd5d4c90d3d885d157d9f9f', 1);
insert into "consumer" values ('527cb57bc68ef16eef6051660fc883e067731b9154f6090b2a26fc3cf8d3037b', '.', 'web/Dockerfile', 1, 'registry.example/library/debian:12@sha256:ca52e3815d668b5c989734143cf4b6a0f40556014dd5d4c90d3d885d157d9f9f', 'registry.example/library/debian:12', 'sha256:ca52e3815d668b5c989734143cf4b6a0f40556014dd5d4c90d3d885d157d9f9f', 1);
insert into "consumer" values ('570078ebc8279e8a352a6cd770932b108b2fb206a052aff9f6414dac14feb845', '.', 'cache/Dockerfile', 1, 'registry.example/library/redis:7', 'registry.example/library/redis:7', 'sha256:118abb6a5071fcda56d8310577439ec989fbc8a1ef9bad1ae193269dd2775561', 1);
insert into "consumed" values ('570078ebc8279e8a352a6cd770932b108b2fb206a052aff9f6414dac14feb845', 'linux/amd64', 'sha256:118abb6a5071fcda56d8310577439ec989fbc8a1ef9bad1ae193269dd2775561');
insert into "consumed" values ('4e739e914f06edd50dcd707d9a9a45ad00617acac8cfdd3745fb4c1965343b82', 'linux/amd64', 'sha256:ca52e3815d668b5c989734143cf4b6a0f40556014dd5d4c90d3d885d157d9f9f');
insert into "consumed" values ('527cb57bc68ef16eef6051660fc883e067731b9154f6090b2a26fc3cf8d3037b', 'linux/amd64', 'sha256:ca52e3815d668b5c989734143cf4b6a0f40556014dd5d4c90d3d885d157d9f9f');
insert into "fix" values ('registry.example/library/debian:12', 'openssl', '3.0.16-1', 'edit');
insert into "fix" values ('registry.example/library/redis:7', 'openssl', '3.0.16-1', 'rebuild');
insert into "watched" values ('.', '.', '', 1767787200000);
insert into "watched" values ('.', '.', 'api/Dockerfile', 1767787200000);
insert into "watched" values ('.', '.', 'cache/Dockerfile', 1767787200000);
insert into "watched" values ('.', '.', 'gone/Dockerfile', 1767787200000);
insert into "watched" values ('.', '.', 'web/Dockerfile', 1767787200000);
insert into "unlooked" values ('957d15e44ed7e0bf802d2149ba654e60dcf58b871a1b0ec6ef42166a9eaad8e9', '.', 'registry.example/library/nothing:1');
pragma user_version = 3;
