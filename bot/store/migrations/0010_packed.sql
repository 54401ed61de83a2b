-- +goose Up

-- How a body is written: '' as it came, 's2' packed. GitHub's bodies are five
-- times smaller so, and what is not written need not be waited for.
ALTER TABLE inbox ADD COLUMN coding {{.key}} NOT NULL DEFAULT '';
{{.as_it_is}}

-- +goose Down
ALTER TABLE inbox DROP COLUMN coding;
