-- +goose Up

-- Each fact follows from the last one of its repository, which is found here:
-- without it all of a repository's are read and sorted for each.
CREATE INDEX ledger_last ON ledger (repo, seq);

-- +goose Down
DROP INDEX ledger_last;
