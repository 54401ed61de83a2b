package store

import (
	"context"
	"fmt"
)

// scanner is a row.
type scanner interface{ Scan(...any) error }

// read is what a query finds, each row as scan reads it. What says what for, in
// errors.
func read[T any](ctx context.Context, q querier, what string, scan func(scanner) (T, error), query string, args ...any) (all []T, err error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	defer rows.Close() //nolint:errcheck // what matters is in rows.Err
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", what, err)
		}
		all = append(all, one)
	}
	if err := rows.Err(); err != nil { // rows that ended early look like few rows
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	return all, nil
}

// only is the one column of a row.
func only[T any](row scanner) (value T, err error) {
	err = row.Scan(&value)
	return value, err
}
