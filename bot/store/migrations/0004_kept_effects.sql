-- +goose Up

-- What is still held of effects that are over, by when they were asked for.
CREATE INDEX outbox_kept ON outbox (at) WHERE state NOT IN ('waiting', 'performing', 'failed', 'doubtful') AND length(body) > 0;

-- +goose Down
DROP INDEX outbox_kept;
