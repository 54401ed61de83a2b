package main

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/config"
	"github.com/roundtrip-bot/roundtrip/bot/engine"
	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/bot/playground/memory"
	"github.com/roundtrip-bot/roundtrip/bot/playground/sim"
	"github.com/roundtrip-bot/roundtrip/bot/store"
	"github.com/roundtrip-bot/roundtrip/handlers"
)

// simulated is the cast of histories: the bot of serve, on a database in memory.
func simulated() sim.Cast {
	return sim.Cast{
		Open: func(_ context.Context, clock func() time.Time) (sim.Store, func() error, error) {
			db := memory.New(clock)
			return db, db.Close, nil
		},
		Bot: castBot(nil),
	}
}

// simulatedFile opens a SQLite file in dir for each history.
func simulatedFile(dir string) func(context.Context, func() time.Time) (sim.Store, func() error, error) {
	var files atomic.Int64
	return func(ctx context.Context, clock func() time.Time) (sim.Store, func() error, error) {
		own := filepath.Join(dir, fmt.Sprint(files.Add(1)))
		if err := os.Mkdir(own, 0o700); err != nil {
			return nil, nil, err
		}
		db, err := store.Open(ctx, sqliteIn(own, "history"), store.Options{Clock: clock})
		if err != nil {
			return nil, nil, err
		}
		return db, func() error { return errors.Join(db.Close(), os.RemoveAll(own)) }, nil
	}
}

// castBot puts replicas together. All histories have the same settings and
// file, and who reads them remembers. With lanes others perform.
func castBot(lanes func([]engine.Lane) []engine.Lane) func(*playground.World, sim.Store, string, http.RoundTripper) (sim.Bot, error) {
	var once sync.Once
	var settings config.Server
	var err error
	read := remembered(func(text []byte) (handlers.Settings, []bot.Mistake) { return reader(settings)(text) })
	return func(w *playground.World, db sim.Store, owner string, line http.RoundTripper) (sim.Bot, error) {
		once.Do(func() { settings, err = simulatedSettings(w) })
		if err != nil {
			return sim.Bot{}, err
		}
		a, err := connect(settings, db, around{clock: w.Now, owner: owner, over: line, read: read, after: never, lanes: lanes})
		if err != nil {
			return sim.Bot{}, err
		}
		return sim.Bot{Start: a.askForMissed, Step: a.engine.Step, Hooks: a.public}, nil
	}
}

// simulatedSettings are those of serve, whose key must be a long one, with the
// world's own, which is short and signs faster.
func simulatedSettings(w *playground.World) (config.Server, error) {
	const name = "ROUNDTRIP_GITHUB_PRIVATE_KEY"
	environ := w.Settings("sqlite:history.db") // which nobody opens
	short := environ[name]
	long, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return config.Server{}, fmt.Errorf("make a key: %w", err)
	}
	environ[name] = string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(long)}))
	settings, err := settingsIn(w, environ)
	settings.GitHub.PrivateKey = config.NewSecret(short)
	return settings, err
}

// never is how long a history's bot waits by this machine's clock.
func never(time.Duration) <-chan time.Time { return nil }
