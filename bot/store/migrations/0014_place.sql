-- +goose Up

-- What takes the place of an effect that still waits takes its place in the line
-- of its group as well: what was asked for between the two is about it, and does
-- not go before it. Without one an effect stands where it was asked for.
ALTER TABLE outbox ADD COLUMN place BIGINT;
DROP INDEX outbox_line;
CREATE INDEX outbox_line ON outbox (grp, state, COALESCE(place, seq)) WHERE state IN ('waiting', 'performing');

-- +goose Down
DROP INDEX outbox_line;
CREATE INDEX outbox_line ON outbox (grp, state, seq) WHERE state IN ('waiting', 'performing');
ALTER TABLE outbox DROP COLUMN place;
