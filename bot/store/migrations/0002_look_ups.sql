-- +goose Up

-- Counts for metrics and pages, and the effects of one kind and key, without
-- reading what people wrote.
CREATE INDEX inbox_state ON inbox (state);
CREATE INDEX outbox_state ON outbox (state);
CREATE INDEX outbox_of ON outbox (kind, key, seq);

-- What is still held of deliveries that are over, by when they were.
CREATE INDEX inbox_kept ON inbox (({{.greatest}}(at, finished))) WHERE state IN ('done', 'ignored') AND length(body) > 0;

-- +goose Down
DROP INDEX inbox_kept; DROP INDEX outbox_of; DROP INDEX outbox_state; DROP INDEX inbox_state;
