package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// querier says each statement in the words of its database, with texts that
// both databases take.
type querier struct {
	*dialect
	on interface {
		ExecContext(context.Context, string, ...any) (sql.Result, error)
		QueryContext(context.Context, string, ...any) (*sql.Rows, error)
		QueryRowContext(context.Context, string, ...any) *sql.Row
	}
}

func (q querier) ExecContext(ctx context.Context, text string, args ...any) (sql.Result, error) {
	return q.on.ExecContext(ctx, q.say(text), plain(args)...)
}

func (q querier) QueryContext(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	return q.on.QueryContext(ctx, q.say(text), plain(args)...)
}

func (q querier) QueryRowContext(ctx context.Context, text string, args ...any) *sql.Row {
	return q.on.QueryRowContext(ctx, q.say(text), plain(args)...)
}

func plain(args []any) []any {
	for i, a := range args {
		if text, ok := a.(string); ok {
			args[i] = legible(text)
		}
	}
	return args
}

// legible is a text without what PostgreSQL does not take in one: NUL, and
// bytes that are not UTF-8. What strangers sent stays as it came, in bytes.
func legible(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\uFFFD"), "\x00", "\uFFFD")
}

// collided makes a conflict of two transactions that got into each other's
// way: nothing of this one was done, and it can be begun again.
func collided(err error) error {
	var pg *pgconn.PgError
	if errors.As(err, &pg) && (slices.Contains([]string{"40001", "40P01"}, pg.Code) || pg.Code == "23505" && slices.Contains(firsts, pg.ConstraintName)) {
		return fmt.Errorf("%w: %w", bot.ErrConflict, err)
	}
	return err
}

// firsts hold that a line has one first: another settled who that is meanwhile.
var firsts = []string{"inbox_first", "outbox_first"}
