package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot/config"
	"github.com/roundtrip-bot/roundtrip/bot/playground"
)

// TestWhatCannotBeOpenedIsToldAtOnce: both addresses are taken and the
// database has no folder.
func TestWhatCannotBeOpenedIsToldAtOnce(t *testing.T) {
	taken := must[net.Listener](t)(net.Listen("tcp", "127.0.0.1:0"))
	defer taken.Close()
	too := must[net.Listener](t)(net.Listen("tcp", "127.0.0.1:0"))
	defer too.Close()
	w := live(t, playground.LiveFile)
	environ := w.Settings("sqlite:" + filepath.Join(t.TempDir(), "no", "folder", "x.db"))
	environ["ROUNDTRIP_LISTEN"], environ["ROUNDTRIP_ADMIN_LISTEN"] = taken.Addr().String(), too.Addr().String()
	status, _, stderr := runWith(t, environ, "serve")
	if status != 2 {
		t.Errorf("exit status %d, want 2", status)
	}
	for _, want := range []string{"ROUNDTRIP_LISTEN: ", "ROUNDTRIP_ADMIN_LISTEN: ", "ROUNDTRIP_DATABASE_URL: ", "no such file", "free host:port", "sqlite:/var/lib"} {
		if !strings.Contains(stderr, want) {
			t.Errorf("stderr lacks %q:\n%s", want, stderr)
		}
	}
}

// TestADatabaseThatDoesNotAnswer is told of without its password.
func TestADatabaseThatDoesNotAnswer(t *testing.T) {
	w := live(t, playground.LiveFile)
	status, stdout, stderr := runWith(t, w.Settings("postgres://bot:hunter2@127.0.0.1:1/roundtrip"), "serve")
	if status != 2 || strings.Contains(stdout+stderr, "hunter2") {
		t.Errorf("exit status %d:\n%s%s", status, stdout, stderr)
	}
	for _, want := range []string{"ROUNDTRIP_DATABASE_URL: open database: ", "connection refused", "psql postgres://bot@127.0.0.1:1/roundtrip"} {
		if !strings.Contains(stderr, want) {
			t.Errorf("stderr lacks %q:\n%s", want, stderr)
		}
	}
}

// TestASecretCanBeChanged: while two are set, what is signed with either is
// taken, and with a third nothing.
func TestASecretCanBeChanged(t *testing.T) {
	w := live(t, playground.LiveFile)
	environ := w.Settings("sqlite:" + filepath.Join(t.TempDir(), "x.db"))
	present, next := environ["ROUNDTRIP_GITHUB_WEBHOOK_SECRET"], strings.Repeat("n", 40)
	environ["ROUNDTRIP_GITHUB_WEBHOOK_SECRET"], environ["ROUNDTRIP_GITHUB_WEBHOOK_SECRET_OLD"] = next, present
	s, mistakes := config.LoadServer(environ, "x.yml", func(string) ([]byte, error) { return w.File(), nil })
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	a := must[*app](t)(assemble(t.Context(), s, around{}))
	defer a.store.Close()
	for secret, want := range map[string]int{present: 202, next: 202, strings.Repeat("x", 40): 401} {
		r := httptest.NewRequest("POST", "/hooks/github", strings.NewReader(`{"zen":"Keep it logically awesome."}`))
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write([]byte(`{"zen":"Keep it logically awesome."}`))
		r.Header.Set("X-Hub-Signature-256", "sha256="+hex.EncodeToString(mac.Sum(nil)))
		r.Header.Set("X-GitHub-Delivery", "of "+secret[:8])
		r.Header.Set("X-GitHub-Event", "ping")
		r.Header.Set("Content-Type", "application/json")
		got := httptest.NewRecorder()
		a.public.ServeHTTP(got, r)
		if got.Code != want {
			t.Errorf("signed with %.4s…: %d %s, want %d", secret, got.Code, got.Body, want)
		}
	}
}

// TestAProcessHasOneName: it asks for what it missed by the name that its
// leases have, its own or the one that it was given.
func TestAProcessHasOneName(t *testing.T) {
	w := live(t, playground.LiveFile)
	for _, given := range []string{"", "bot 1.1"} {
		a := must[*app](t)(openFor(t.Context(), w, "sqlite:"+filepath.Join(t.TempDir(), "x.db"), around{owner: given}))
		defer a.store.Close()
		if err := a.takeUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, ok, err := a.store.Letter(t.Context(), "start/"+a.owner); !ok || err != nil || a.owner == "" || given != "" && a.owner != given {
			t.Errorf("given %q it is called %q, and asked under it: %v (%v)", given, a.owner, ok, err)
		}
	}
}
