-- +goose Up

-- What strangers sent is told from what we tell ourselves, in the counts as well.
DROP INDEX inbox_state;
CREATE INDEX inbox_state ON inbox (state, source);

-- +goose Down
DROP INDEX inbox_state;
CREATE INDEX inbox_state ON inbox (state);
