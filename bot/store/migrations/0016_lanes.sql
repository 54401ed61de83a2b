-- +goose Up

-- Whoever looks for work does so for some kinds alone, and does not pass over
-- what is due of others.
DROP INDEX outbox_turn;
CREATE INDEX outbox_turn ON outbox (kind, priority, turn, seq) WHERE state = 'waiting' AND turn IS NOT NULL;

-- What a clock that was set back leaves in the future is looked up, of a long
-- queue too: by when it was asked for, or taken up last.
DROP INDEX outbox_open; DROP INDEX outbox_retrying; DROP INDEX inbox_retrying;
CREATE INDEX outbox_open ON outbox (at) WHERE state IN ('waiting', 'performing');
CREATE INDEX outbox_retrying ON outbox (until) WHERE state = 'waiting' AND attempts > 0;
CREATE INDEX inbox_retrying ON inbox (until) WHERE state = 'ready' AND attempts > 0;

-- +goose Down
DROP INDEX inbox_retrying; DROP INDEX outbox_retrying; DROP INDEX outbox_open; DROP INDEX outbox_turn;
CREATE INDEX inbox_retrying ON inbox (seq) WHERE state = 'ready' AND attempts > 0;
CREATE INDEX outbox_retrying ON outbox (seq) WHERE state = 'waiting' AND attempts > 0;
CREATE INDEX outbox_open ON outbox (seq) WHERE state IN ('waiting', 'performing');
CREATE INDEX outbox_turn ON outbox (priority, turn, seq, kind) WHERE state = 'waiting' AND turn IS NOT NULL;
