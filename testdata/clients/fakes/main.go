// Command fakes starts the pretend GitHub and Slack alone, for clients that
// are not ours. It writes where they are and how to get in as one line of
// JSON, and is moved by POST /world {"do": "open", …}. It ends when its
// standard input does.
//
//	go run ./testdata/clients/fakes -port 20080
package main

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"os/signal"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeslack"
)

// What both sides must know.
const (
	repo          = "acme/shop"
	appID         = 42
	webhookSecret = "a webhook secret of the clients' tests"
	signingSecret = "a signing secret of the clients' tests"
	botToken      = "xoxb-clients" //nolint:gosec // of a pretend world
	appToken      = "xapp-clients"
)

func main() {
	log.SetFlags(0)
	port := flag.Int("port", 20080, "to listen on, on loopback")
	flag.Parse()
	if err := run(*port); err != nil {
		log.Fatal(err)
	}
}

func run(port int) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return err
	}
	addr := fmt.Sprintf("127.0.0.1:%d", port)
	w := found("http://"+addr, &key.PublicKey)
	go w.github.Run(ctx)
	server := &http.Server{Addr: addr, Handler: w.routes(), ReadHeaderTimeout: 5 * time.Second}
	failed := make(chan error, 1)
	go func() { failed <- server.ListenAndServe() }()
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin) // whoever started us is gone
		stop()
	}()
	w.tell(key)
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
		return server.Close()
	}
}

type world struct {
	url    string
	github *fakegithub.Server
	slack  *fakeslack.Server
	info   fakegithub.RepoInfo
	people map[string]string // Slack ids by name
	shop   string            // channel id
}

// found makes a repository, its people and a channel.
func found(url string, key *rsa.PublicKey) *world {
	w := &world{url: url, people: map[string]string{}}
	w.github = fakegithub.New(fakegithub.Options{
		URL: url + "/github", AppID: appID, PublicKey: key, WebhookSecret: webhookSecret,
		Permissions: map[string]string{
			"actions": "write", "checks": "write", "contents": "write", "deployments": "write", "issues": "write",
			"metadata": "read", "pull_requests": "write", "statuses": "write",
		},
	})
	w.github.SetBudget(5000) // as GitHub allows a small organization
	w.slack = fakeslack.New(fakeslack.Options{SigningSecret: signingSecret, BotToken: botToken, AppToken: appToken, URL: url + "/slack"})
	w.info = w.github.AddRepo(repo, map[string]string{"README.md": "# Shop\n", "shop/cart.go": "package shop\n\nvar Items = 1\n"})
	for _, name := range []string{"alice", "bob"} {
		w.github.SetRole(repo, name, "write")
		w.people[name] = w.slack.AddPerson(name)
	}
	w.shop = w.slack.AddChannel("shop")
	return w
}

func (w *world) routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/github/", http.StripPrefix("/github", w.github))
	mux.Handle("/slack/", http.StripPrefix("/slack", w.slack))
	mux.HandleFunc("POST /world", w.move)
	return mux
}

// tell writes what a client must know.
func (w *world) tell(key *rsa.PrivateKey) {
	_ = json.NewEncoder(os.Stdout).Encode(map[string]any{
		"url": w.url, "github": w.url + "/github", "slack": w.url + "/slack/api/", "repo": repo, "app_id": appID, "bot": w.github.BotLogin(),
		"installation": w.info.Installation, "repo_id": w.info.ID, "head": w.info.Head, "webhook_secret": webhookSecret,
		"key":            string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})),
		"signing_secret": signingSecret, "bot_token": botToken, "app_token": appToken, "people": w.people, "channel": w.shop,
	})
}
