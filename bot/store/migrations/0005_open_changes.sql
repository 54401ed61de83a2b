-- +goose Up

-- What a document holds is looked up each time it is saved.
CREATE INDEX claims_held ON claims (doc) WHERE released IS NULL;

-- A change holds its place among those that are open, so that these are found
-- without reading those that are closed. In what a person wrote the quotes are
-- escaped: only the change itself says it like this.
INSERT INTO claims (claim, doc, taken)
SELECT 'open/' || substr(key, 8), key, at FROM docs WHERE key >= 'change/' AND key < 'change0' AND {{.text}} LIKE '%"open":true%';

-- +goose Down
DELETE FROM claims WHERE claim >= 'open/' AND claim < 'open0';
DROP INDEX claims_held;
