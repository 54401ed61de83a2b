package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrate brings the schema up to date.
func (s *Store) migrate(ctx context.Context) error {
	p, err := s.migrator()
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	have, want, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	if have > want {
		return fmt.Errorf("its schema is version %d, newer than this program's %d: run the newer program", have, want)
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

func (s *Store) migrator() (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(s.name, s.write.DB, rendered{files, s.dialect})
}

// migrating runs f while no other process brings the schema up to date.
func (s *Store) migrating(ctx context.Context, f func() error) error {
	if s.lock == "" {
		return f() // the file is locked
	}
	conn, err := s.write.DB.Conn(ctx)
	if err != nil {
		return err
	}
	const schema = "schema"
	if _, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock($1)`, number(schema)); err != nil {
		return errorsJoin(err, conn.Close())
	}
	err = f()
	_, unlock := conn.ExecContext(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, number(schema))
	return errorsJoin(err, unlock, conn.Close())
}

// sameSchema: a reader understands the schema that it was built with.
func (s *Store) sameSchema(ctx context.Context) error {
	var have int64
	err := s.read.QueryRowContext(ctx, `SELECT MAX(version_id) FROM goose_db_version WHERE is_applied`).Scan(&have)
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

// rendered are the migrations in the words of one database.
type rendered struct {
	fs.FS
	*dialect
}

// Open a migration, or the folder that lists them.
func (r rendered) Open(name string) (fs.File, error) {
	f, err := r.FS.Open(name)
	if err != nil || path.Ext(name) != ".sql" {
		return f, err
	}
	text, err := io.ReadAll(f)
	said := r.say(string(text))
	if err == nil && strings.Contains(said, "{{") {
		err = fmt.Errorf("migration %s: a word that the dialect lacks", name)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return translated{f, strings.NewReader(said)}, nil
}

// translated is a file that reads differently.
type translated struct {
	fs.File
	text io.Reader
}

func (t translated) Read(p []byte) (int, error) { return t.text.Read(p) }
