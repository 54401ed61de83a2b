package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/config"
	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
	"github.com/roundtrip-bot/roundtrip/bot/trace"
)

// gossip carries requests; of two to a place one fails, with an error that
// quotes all that the request holds.
type gossip struct {
	mu     sync.Mutex
	asked  map[string]int
	tokens []string // that were seen
}

func (g *gossip) RoundTrip(req *http.Request) (*http.Response, error) {
	g.mu.Lock()
	g.asked[req.URL.Path]++
	fails := g.asked[req.URL.Path]%2 == 1 && !strings.HasSuffix(req.URL.Path, "access_tokens")
	if _, token, ok := strings.Cut(req.Header.Get("Authorization"), " "); ok {
		g.tokens = append(g.tokens, token)
	}
	g.mu.Unlock()
	if fails {
		return nil, errors.New("no luck with " + fmt.Sprint(req.URL, req.Header))
	}
	return http.DefaultTransport.RoundTrip(req)
}

// TestSecretsAreNowhere: every secret of the settings is seeded, one that is
// added tomorrow too; APIs fail with errors that quote them; and neither the
// log nor metrics, pages, traces or what is kept in the database shows one.
func TestSecretsAreNowhere(t *testing.T) {
	c := &collector{}
	to := httptest.NewServer(c)
	defer to.Close()
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", to.URL)
	w := live(t, playground.LiveFile)
	environ := w.Settings("sqlite:" + filepath.Join(t.TempDir(), "x.db"))
	environ["ROUNDTRIP_OAUTH_CLIENT_ID"] = "Iv1.0123456789abcdef"
	secrets := seeded(environ)
	s, mistakes := config.LoadServer(environ, "x.yml", func(string) ([]byte, error) { return w.File(), nil })
	if len(mistakes) > 0 {
		t.Fatal(mistakes)
	}
	for _, e := range s.Endpoints {
		secrets = append(secrets, e.Secret.Reveal())
	}
	secrets = append(secrets, strings.Split(strings.TrimSpace(environ["ROUNDTRIP_GITHUB_PRIVATE_KEY"]), "\n")[1])

	var log bytes.Buffer
	g := &gossip{asked: map[string]int{}}
	logger := slog.New(slog.NewTextHandler(striking{&log, striker(secretsOf(s))}, &slog.HandlerOptions{Level: slog.LevelDebug}))
	tracer := must[*trace.Tracer](t)(trace.FromEnvironment(t.Context(), "test", logger))
	a := must[*app](t)(assemble(t.Context(), s, around{log: logger, trace: tracer, over: g}))
	w.SetBot(a.public)
	w.GitHub.HoldHooks(false)
	ctx, stop := context.WithCancel(t.Context())
	var working sync.WaitGroup
	working.Go(func() { a.engine.Run(ctx) })
	n := must[int](t)(w.OpenChange(fakegithub.NewChange{Author: "bob", Title: "Faster prices"}, playground.Size{Added: 9}))
	for begun := time.Now(); time.Since(begun) < patience && len(look(t, w, n).Checks) == 0; {
		time.Sleep(10 * time.Millisecond)
	}
	seen := map[string]string{"metrics": scraped(t, a.admin), "the home page": page(t, a.admin, "/"), "comments": fmt.Sprint(look(t, w, n))}
	stop()
	working.Wait()
	for _, text := range secrets { // whoever logs carelessly
		logger.Debug("careless", "error", errors.New(text), "header", "Basic "+base64.StdEncoding.EncodeToString([]byte(text)), "url", "http://x/?a="+url.QueryEscape(text))
	}
	tracer.Close()
	seen["traces"] = fmt.Sprint(c.spans)
	var kept []string
	for _, state := range []string{"ready", "failed", "done"} {
		for _, l := range must[[]bot.Letter](t)(a.store.Letters(t.Context(), state, 100)) {
			kept = append(kept, l.Error)
		}
	}
	for _, task := range must[[]bot.Task](t)(a.store.Tasks(t.Context(), "", 100)) {
		kept = append(kept, task.Error)
	}
	seen["the database"] = strings.Join(kept, "\n")
	_ = a.store.Close()
	seen["the log"] = log.String()
	if !strings.Contains(seen["the log"], "no luck with") || !strings.Contains(seen["the log"], "[secret]") || len(g.tokens) == 0 {
		t.Errorf("nothing failed, or nothing was struck out: %d tokens\n%s", len(g.tokens), &log)
	}
	for where, text := range seen {
		for _, secret := range append(secrets, g.tokens...) {
			for _, form := range formsOf(secret) {
				if form != "" && strings.Contains(text, form) {
					t.Errorf("%s shows %q in\n%.2000s", where, form, text)
				}
			}
		}
	}
}

// seeded are all secrets that the settings' reference tells of; those that a
// world does not set get one that is found again.
func seeded(environ map[string]string) (secrets []string) {
	for _, m := range regexp.MustCompile("`(ROUNDTRIP_[A-Z_]+)`, `…_FILE`").FindAllStringSubmatch(string(config.ServerReference()), -1) {
		name := m[1]
		if name == "ROUNDTRIP_DATABASE_URL" {
			continue // a file has no password; TestADatabaseThatDoesNotAnswer has one
		}
		if environ[name] == "" {
			environ[name] = "seed/" + strings.ToLower(name) + "+0123456789abcdef?"
		}
		if name == "ROUNDTRIP_SMTP_URL" {
			environ[name] = "smtp://bot:seed0smtp0password@127.0.0.1:25"
			secrets = append(secrets, "seed0smtp0password")
		}
		secrets = append(secrets, environ[name])
	}
	return secrets
}

// TestWhatOthersIssuedIsStruckOut, though no setting has it.
func TestWhatOthersIssuedIsStruckOut(t *testing.T) {
	strike := striker([]string{"hunter2hunter2"})
	for text, want := range map[string]string{
		"pw hunter2hunter2.":                                  "pw [secret].",
		"Authorization:[token 0123456789abcdef0123]":          "Authorization:[token [secret]]",
		"authorization: Bearer eyJhbGciOi.eyJpc3MiOi.c2lnbmF": "authorization: Bearer [secret]",
		"got ghs_16C7e42F292c6912E7710c838347Ae178B4a":        "got [secret]",
		"xoxb-17653672481-19874698323 and xapp-1-A02-1337":    "[secret] and [secret]",
		`post "https://hooks.slack.com/commands/T1/2/gxmk4R"`: `post "[secret]"`,
		"the token is worn; a basic rule":                     "the token is worn; a basic rule",
	} {
		if got := strike(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}
