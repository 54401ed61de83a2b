-- +goose Up

-- Only what is open is first of a line. Something that ended and kept its turn, as
-- where a program ended it that knew of none, holds nobody up.
UPDATE inbox SET turn = NULL WHERE turn IS NOT NULL AND state NOT IN ('ready', 'handling');
UPDATE outbox SET turn = NULL WHERE turn IS NOT NULL AND state NOT IN ('waiting', 'performing');
DROP INDEX inbox_first;
DROP INDEX outbox_first;
CREATE UNIQUE INDEX inbox_first ON inbox (subject) WHERE turn IS NOT NULL AND state IN ('ready', 'handling');
CREATE UNIQUE INDEX outbox_first ON outbox (grp) WHERE turn IS NOT NULL AND state IN ('waiting', 'performing');

-- Of two that stand in one place the older is before the newer.
DROP INDEX outbox_line;
CREATE INDEX outbox_line ON outbox (grp, state, COALESCE(place, seq), seq) WHERE state IN ('waiting', 'performing');

-- +goose Down
UPDATE inbox SET turn = NULL WHERE turn IS NOT NULL AND state NOT IN ('ready', 'handling');
UPDATE outbox SET turn = NULL WHERE turn IS NOT NULL AND state NOT IN ('waiting', 'performing');
DROP INDEX outbox_line; DROP INDEX outbox_first; DROP INDEX inbox_first;
CREATE UNIQUE INDEX inbox_first ON inbox (subject) WHERE turn IS NOT NULL;
CREATE UNIQUE INDEX outbox_first ON outbox (grp) WHERE turn IS NOT NULL;
CREATE INDEX outbox_line ON outbox (grp, state, COALESCE(place, seq)) WHERE state IN ('waiting', 'performing');
