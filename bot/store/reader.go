package store

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"strings"
)

// OpenReader opens a database to read it beside the process that works on it:
// it takes no lock, changes nothing and brings no schema up to date.
func OpenReader(ctx context.Context, url string) (*Store, error) {
	path, ok := strings.CutPrefix(url, "sqlite:")
	if !ok || path == "" {
		return nil, fmt.Errorf("open database: %q is not of the form sqlite:FILE", url)
	}
	if _, err := os.Stat(path); err != nil {
		return nil, fmt.Errorf("open database: there is no file %s; roundtrip serve makes it", path)
	}
	s := &Store{}
	var err error
	if s.read, err = sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(5000)&_pragma=query_only(1)"); err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, err)
	}
	if err := s.sameSchema(ctx); err != nil {
		return nil, fmt.Errorf("open database %s: %w", path, errorsJoin(err, s.Close()))
	}
	return s, nil
}

// sameSchema: a reader understands the schema that it was built with.
func (s *Store) sameSchema(ctx context.Context) error {
	var have int64
	err := s.read.QueryRowContext(ctx, `SELECT MAX(version_id) FROM goose_db_version WHERE is_applied = 1`).Scan(&have)
	if err != nil {
		return fmt.Errorf("this is no database of roundtrip: %w", err)
	}
	files, err := migrations.ReadDir("migrations")
	if err != nil {
		return err
	}
	var want int64
	if _, err := fmt.Sscanf(files[len(files)-1].Name(), "%d_", &want); err != nil {
		return err
	}
	if have != want {
		return fmt.Errorf("its schema is version %d, this program's is %d: use the program that serves it", have, want)
	}
	return nil
}
