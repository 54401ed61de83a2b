-- +goose Up

-- What is urgent is carried out first: bot.Priority, 0 the most pressing. What
-- waits already is taken for the usual.
ALTER TABLE outbox ADD COLUMN priority INTEGER NOT NULL DEFAULT 1;
CREATE INDEX outbox_turn ON outbox (priority, seq) WHERE state IN ('waiting', 'performing');

-- +goose Down
DROP INDEX outbox_turn;
ALTER TABLE outbox DROP COLUMN priority;
