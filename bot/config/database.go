package config

import (
	"net/url"
	"strings"
)

// Database is where the database is. However it is printed, the password in
// its address does not appear.
type Database struct {
	Secret          // the address whole: sqlite:FILE or postgres://…
	Name     string // the address without password and options, to be shown
	Password Secret
}

// NewDatabase of an address. One that cannot be read has no name.
func NewDatabase(address string) Database {
	d := Database{Secret: NewSecret(address)}
	if _, ok := d.File(); ok {
		d.Name = address
		return d
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
		return d
	}
	password, ok := u.User.Password()
	if !ok {
		password = u.Query().Get("password")
	}
	d.Password = NewSecret(password)
	if u.User != nil {
		u.User = url.User(u.User.Username())
	}
	u.RawQuery, u.Fragment = "", ""
	d.Name = u.String()
	return d
}

// File of a SQLite database; false where it is none.
func (d Database) File() (string, bool) {
	file, ok := strings.CutPrefix(d.Reveal(), "sqlite:")
	return file, ok && file != ""
}

func (l *loader) database() Database {
	d := NewDatabase(l.shape.DatabaseURL.Reveal())
	if d.Name == "" {
		l.mistaken("database_url", "is not the address of a database", "write sqlite: and a file, sqlite:roundtrip.db, or postgres://name:password@host:5432/database")
	}
	return d
}
