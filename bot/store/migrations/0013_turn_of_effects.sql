-- +goose Up

-- The same of effects: from when on one may be taken up, which the first in the
-- line of its group has alone, whoever is in hand, else whoever was asked for
-- first.
ALTER TABLE outbox ADD COLUMN turn BIGINT;
DROP INDEX outbox_group;
DROP INDEX outbox_turn;
CREATE INDEX outbox_line ON outbox (grp, state, seq) WHERE state IN ('waiting', 'performing');
CREATE UNIQUE INDEX outbox_first ON outbox (grp) WHERE turn IS NOT NULL;
CREATE INDEX outbox_turn ON outbox (priority, turn, seq, kind) WHERE state = 'waiting' AND turn IS NOT NULL;
CREATE INDEX outbox_hand ON outbox (priority, until, seq, kind) WHERE state = 'performing';

UPDATE outbox SET turn = due
WHERE state IN ('waiting', 'performing') AND NOT EXISTS (
    SELECT 1 FROM outbox e WHERE e.grp = outbox.grp AND e.state IN ('waiting', 'performing')
      AND (e.state, e.seq) < (outbox.state, outbox.seq));

-- +goose Down
DROP INDEX outbox_hand; DROP INDEX outbox_turn; DROP INDEX outbox_first; DROP INDEX outbox_line;
CREATE INDEX outbox_turn ON outbox (priority, seq) WHERE state IN ('waiting', 'performing');
CREATE INDEX outbox_group ON outbox (grp, seq) WHERE state IN ('waiting', 'performing');
ALTER TABLE outbox DROP COLUMN turn;
