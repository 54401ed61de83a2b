-- +goose Up

-- What is in hand is to be carried out once more after it: an older write may
-- have come after it.
ALTER TABLE outbox ADD COLUMN again INTEGER NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE outbox DROP COLUMN again;
