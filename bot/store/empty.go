package store

import "context"

// Empty reports whether a PostgreSQL database holds no table of anybody's:
// whoever wants one of their own must not take another's.
func Empty(ctx context.Context, url string) (empty bool, err error) {
	s, err := opened(ctx, url, (*Store).readSQLite, (*Store).readPostgres)
	if err != nil {
		return false, err
	}
	defer s.Close() //nolint:errcheck // it was only read
	err = s.read.QueryRowContext(ctx, `SELECT NOT EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = current_schema())`).Scan(&empty)
	return empty, err
}
