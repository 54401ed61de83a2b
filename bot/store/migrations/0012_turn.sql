-- +goose Up

-- From when on a letter may be taken up, which the first in the line of its
-- subject has alone: whoever is in hand, else whoever was due first. Who stands
-- behind has none, and is not looked at, however many do.
ALTER TABLE inbox ADD COLUMN turn BIGINT;
DROP INDEX inbox_subject;
CREATE INDEX inbox_line ON inbox (subject, state, due, seq) WHERE state IN ('ready', 'handling');
CREATE UNIQUE INDEX inbox_first ON inbox (subject) WHERE turn IS NOT NULL;
CREATE INDEX inbox_turn ON inbox (turn, seq) WHERE state = 'ready' AND turn IS NOT NULL;
CREATE INDEX inbox_hand ON inbox (until, seq) WHERE state = 'handling';

UPDATE inbox SET turn = {{.greatest}}(due, retry_at)
WHERE state IN ('ready', 'handling') AND NOT EXISTS (
    SELECT 1 FROM inbox e WHERE e.subject = inbox.subject AND e.state IN ('ready', 'handling')
      AND (e.state, e.due, e.seq) < (inbox.state, inbox.due, inbox.seq));

-- +goose Down
DROP INDEX inbox_hand; DROP INDEX inbox_turn; DROP INDEX inbox_first; DROP INDEX inbox_line;
CREATE INDEX inbox_subject ON inbox (subject, due, seq) WHERE state IN ('ready', 'handling');
ALTER TABLE inbox DROP COLUMN turn;
