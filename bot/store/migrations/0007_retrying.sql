-- +goose Up

-- What was tried in vain is few among what waits, timers among them.
CREATE INDEX inbox_retrying ON inbox (seq) WHERE state = 'ready' AND attempts > 0;
CREATE INDEX outbox_retrying ON outbox (seq) WHERE state = 'waiting' AND attempts > 0;

-- +goose Down
DROP INDEX outbox_retrying;
DROP INDEX inbox_retrying;
