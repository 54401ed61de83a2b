-- +goose Up

-- Tries that failed since nobody answered, who may be away for days, are counted
-- apart from those that failed of themselves: the first of these gives nothing up.
-- Which of what was counted so far were which is not known.
ALTER TABLE outbox ADD COLUMN away INTEGER NOT NULL DEFAULT 0;
UPDATE outbox SET away = tries, tries = 0 WHERE state IN ('waiting', 'performing') AND tries > 25;

-- What was asked for later in a group, whatever became of it.
CREATE INDEX outbox_later ON outbox (grp, seq) WHERE state <> 'held';

-- +goose Down
DROP INDEX outbox_later;
UPDATE outbox SET tries = tries + away WHERE away > 0;
ALTER TABLE outbox DROP COLUMN away;
