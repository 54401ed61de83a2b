// Package pgtest gives a test a PostgreSQL database of its own.
// testdata/postgres/run COMMAND runs a command beside a server for it.
package pgtest

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
)

// Variable names the server, as postgres://name:password@host:port/database,
// in which the tests make databases and drop them.
const Variable = "ROUNDTRIP_TEST_POSTGRES"

// URL of a new database, which is dropped when the test ends. Without a server
// the test is skipped, and says so also where nobody asked for all the words.
func URL(t testing.TB) string {
	t.Helper()
	server := os.Getenv(Variable)
	if server == "" {
		fmt.Fprintf(os.Stderr, "%s: SKIPPED, there is no PostgreSQL: testdata/postgres/run go test …\n", t.Name())
		t.Skipf("%s is not set: testdata/postgres/run go test … starts a PostgreSQL and sets it", Variable)
	}
	u, err := url.Parse(server)
	if err != nil {
		t.Fatalf("%s is no address", Variable) // the error would show the password
	}
	name := "test_" + strings.ToLower(rand.Text())
	run(t, server, "CREATE DATABASE "+name)
	t.Cleanup(func() { run(t, server, "DROP DATABASE "+name+" WITH (FORCE)") })
	u.Path = "/" + name
	return u.String()
}

// On says, as "postgres", that what At names shall be there and not in a file.
const On = "ROUNDTRIP_TEST_ON"

var databases sync.Map // by the file that would be the database

// At is where a test has its database: in a file, or with On in a PostgreSQL
// database that is the test's own, and the same whenever the file is the same.
func At(t testing.TB, file string) string {
	t.Helper()
	switch kind := os.Getenv(On); kind {
	case "":
		return "sqlite:" + file
	case "postgres":
	default:
		t.Fatalf("%s is %q, and not postgres", On, kind)
	}
	if url, ok := databases.Load(file); ok {
		return url.(string)
	}
	url := URL(t)
	databases.Store(file, url)
	t.Cleanup(func() { databases.Delete(file) })
	return url
}

// Exec runs a statement in a database past the store, as an operator would.
func Exec(t testing.TB, database, statement string) {
	t.Helper()
	run(t, database, statement)
}

func run(t testing.TB, database, statement string) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context()) // cleaning up comes after its end
	c, err := pgx.Connect(ctx, database)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close(ctx) }()
	if _, err := c.Exec(ctx, statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}
