-- +goose Up

-- attempts counts every claim, for whoever must look first. What uses up the
-- patience is counted apart: tries that failed of themselves, and claims whose
-- lease ran out because whoever held them was gone.
ALTER TABLE inbox ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;
ALTER TABLE inbox ADD COLUMN lapses INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN lapses INTEGER NOT NULL DEFAULT 0;

-- +goose Down
ALTER TABLE outbox DROP COLUMN lapses;
ALTER TABLE outbox DROP COLUMN tries;
ALTER TABLE inbox DROP COLUMN lapses;
ALTER TABLE inbox DROP COLUMN tries;
