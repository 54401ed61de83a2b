package store

import (
	"context"
	"fmt"
)

// OpenReader opens a database to read it beside the process that works on it:
// it takes no lock, changes nothing and brings no schema up to date.
func OpenReader(ctx context.Context, url string) (*Store, error) {
	s, err := opened(ctx, url, (*Store).readSQLite, (*Store).readPostgres)
	if err != nil {
		return nil, err
	}
	if err := s.sameSchema(ctx); err != nil {
		return nil, fmt.Errorf("open database: %w", errorsJoin(err, s.Close()))
	}
	return s, nil
}
