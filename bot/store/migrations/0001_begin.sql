-- +goose Up

-- What reached us. A delivery id is stored once, for ever.
CREATE TABLE inbox (
    seq        {{.identity}},
    id         {{.key}} NOT NULL UNIQUE,
    source     TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    body       {{.bytes}} NOT NULL,
    at         BIGINT  NOT NULL, -- microseconds since 1970, as all times here
    due        BIGINT  NOT NULL, -- not before
    retry_at   BIGINT  NOT NULL DEFAULT 0,
    state      {{.key}} NOT NULL,
    kind       {{.key}} NOT NULL DEFAULT '',
    subject    {{.key}} NOT NULL DEFAULT '',
    event      {{.bytes}},
    attempts   INTEGER NOT NULL DEFAULT 0,
    owner      TEXT    NOT NULL DEFAULT '',
    until      BIGINT  NOT NULL DEFAULT 0, -- end of the lease
    error      TEXT    NOT NULL DEFAULT '',
    finished   BIGINT  NOT NULL DEFAULT 0
);
CREATE INDEX inbox_new ON inbox (seq) WHERE state = 'new';
CREATE INDEX inbox_open ON inbox (due, seq) WHERE state IN ('ready', 'handling');
CREATE INDEX inbox_subject ON inbox (subject, due, seq) WHERE state IN ('ready', 'handling');

-- What we owe the world.
CREATE TABLE outbox (
    seq        {{.identity}},
    kind       {{.key}} NOT NULL,
    key        {{.key}} NOT NULL,
    grp        {{.key}} NOT NULL,
    body       {{.bytes}} NOT NULL,
    hash       {{.key}} NOT NULL,
    cause      {{.key}} NOT NULL,
    is_order   INTEGER NOT NULL,
    state      {{.key}} NOT NULL,
    attempts   INTEGER NOT NULL DEFAULT 0,
    owner      TEXT    NOT NULL DEFAULT '',
    until      BIGINT  NOT NULL DEFAULT 0,
    receipt    TEXT    NOT NULL DEFAULT '',
    error      TEXT    NOT NULL DEFAULT '',
    at         BIGINT  NOT NULL,
    due        BIGINT  NOT NULL,
    finished   BIGINT  NOT NULL DEFAULT 0,
    UNIQUE (kind, key, cause)
);
CREATE UNIQUE INDEX outbox_order_once ON outbox (kind, key) WHERE is_order = 1;
CREATE INDEX outbox_open ON outbox (seq) WHERE state IN ('waiting', 'performing');
CREATE INDEX outbox_group ON outbox (grp, seq) WHERE state IN ('waiting', 'performing');
CREATE INDEX outbox_key ON outbox (kind, key) WHERE state = 'waiting';

-- What was last written under a kind and key, so that nothing is written twice.
CREATE TABLE receipts (
    kind    {{.key}} NOT NULL,
    key     {{.key}} NOT NULL,
    receipt TEXT   NOT NULL,
    hash    {{.key}} NOT NULL,
    at      BIGINT NOT NULL,
    PRIMARY KEY (kind, key)
);

CREATE TABLE docs (
    key     {{.key}} PRIMARY KEY,
    version INTEGER NOT NULL,
    body    {{.bytes}} NOT NULL,
    at      BIGINT  NOT NULL
);

-- A claim, a slot say, is held by one document at a time: the partial unique
-- index refuses a second holder; who held it before stays on the record.
CREATE TABLE claims (
    claim    {{.key}} NOT NULL,
    doc      {{.key}} NOT NULL,
    taken    BIGINT NOT NULL,
    released BIGINT
);
CREATE UNIQUE INDEX claims_one_holder ON claims (claim) WHERE released IS NULL;

-- What happened, for ever: append-only, chained by hash per repository.
CREATE TABLE ledger (
    seq     {{.identity}},
    repo    {{.key}} NOT NULL,
    ref     TEXT   NOT NULL, -- the repository as JSON, its name at that time
    kind    {{.key}} NOT NULL,
    subject {{.key}} NOT NULL,
    at      BIGINT NOT NULL,
    asked   TEXT   NOT NULL,
    cause   {{.key}} NOT NULL,
    data    TEXT   NOT NULL,
    prev    TEXT   NOT NULL,
    hash    {{.key}} NOT NULL UNIQUE
);
CREATE INDEX ledger_repo ON ledger (repo, at);
{{.guard}}

-- +goose Down
DROP TABLE ledger; DROP TABLE claims; DROP TABLE docs; DROP TABLE receipts; DROP TABLE outbox; DROP TABLE inbox;
