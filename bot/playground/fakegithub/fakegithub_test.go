package fakegithub_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v4"
	"github.com/google/go-github/v60/github"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
)

const shop, secret = "acme/shop", "It's a secret"

var start = time.Date(2026, time.March, 2, 9, 0, 0, 0, time.UTC)

// world is a pretend GitHub that listens, a bot that keeps what it is sent,
// and an independent client.
type world struct {
	*fakegithub.Server
	t      *testing.T
	ctx    context.Context
	api    *httptest.Server
	key    *rsa.PrivateKey
	repo   fakegithub.RepoInfo
	client *github.Client

	mu       sync.Mutex
	now      time.Time
	got      []hook
	answerAs int
	cached   string // the client's token
}

type hook struct {
	header http.Header
	body   []byte
}

var key = sync.OnceValue(func() *rsa.PrivateKey {
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return k
})

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{t: t, ctx: t.Context(), now: start, answerAs: http.StatusAccepted, key: key()}
	w.Server = fakegithub.New(fakegithub.Options{
		Now: w.clock, AppID: 42, PublicKey: &w.key.PublicKey, WebhookSecret: secret,
		Permissions: map[string]string{
			"actions": "write", "checks": "write", "contents": "write", "deployments": "write", "issues": "write", "metadata": "read",
			"pull_requests": "write", "statuses": "write", "members": "read",
		},
	})
	w.api = httptest.NewServer(w.Server)
	t.Cleanup(w.api.Close)
	bot := httptest.NewServer(http.HandlerFunc(w.receive))
	t.Cleanup(bot.Close)
	w.SetURLs(w.api.URL, bot.URL)
	w.recordAll()
	w.repo = w.AddRepo(shop, map[string]string{"README.md": "# Shop\n", "shop/cart.go": "package shop\n\nvar Items = 1\n"})
	w.cached = w.token(nil)
	w.client = w.as(w.cached)
	return w
}

// recordAll keeps what is said where the checkers of GitHub's description
// find it, when they want it.
func (w *world) recordAll() {
	dir := os.Getenv("FAKEGITHUB_RECORD")
	if dir == "" {
		return
	}
	f, err := os.OpenFile(dir+"/exchanges.jsonl", os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = f.Close() })
	hooks, err := os.MkdirTemp(dir, "hooks")
	if err != nil {
		w.t.Fatal(err)
	}
	w.Record(f)
	w.RecordHooks(hooks)
}

func (w *world) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *world) wait(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

func (w *world) receive(rw http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.got = append(w.got, hook{r.Header, body})
	rw.WriteHeader(w.answerAs)
}

func (w *world) jwt(change func(jwt.MapClaims)) string {
	claims := jwt.MapClaims{"iss": "42", "iat": w.clock().Add(-time.Minute).Unix(), "exp": w.clock().Add(9 * time.Minute).Unix()}
	if change != nil {
		change(claims)
	}
	signed, err := jwt.NewWithClaims(jwt.SigningMethodRS256, claims).SignedString(w.key)
	if err != nil {
		w.t.Fatal(err)
	}
	return signed
}

// as is a client with a token or a JWT.
func (w *world) as(token string) *github.Client {
	c, err := github.NewClient(&http.Client{}).WithAuthToken(token).WithEnterpriseURLs(w.api.URL, w.api.URL)
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

func (w *world) token(o *github.InstallationTokenOptions) string {
	w.t.Helper()
	tok, _, err := w.as(w.jwt(nil)).Apps.CreateInstallationToken(w.ctx, w.repo.Installation, o)
	if err != nil {
		w.t.Fatal(err)
	}
	return tok.GetToken()
}

func (w *world) deliver() []hook {
	w.t.Helper()
	w.mu.Lock()
	w.got = nil
	w.mu.Unlock()
	if _, err := w.Deliver(w.ctx); err != nil {
		w.t.Fatal(err)
	}
	return w.got
}

// names is "event.action" of each, in order.
func names(hooks []hook) string {
	var list []string
	for _, h := range hooks {
		var f struct{ Action string }
		_ = json.Unmarshal(h.body, &f)
		list = append(list, strings.TrimSuffix(h.header.Get("X-Github-Event")+"."+f.Action, "."))
	}
	return strings.Join(list, " ")
}

// open opens a change that adds a line to the cart.
func (w *world) open(author string) fakegithub.ChangeView {
	w.t.Helper()
	n, err := w.Open(shop, fakegithub.NewChange{
		Author: author, Title: "Count better", Body: "For #9.", Files: map[string]string{"shop/cart.go": "package shop\n\nvar Items = 2\nvar More = 3\n"},
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return w.look(n)
}

func (w *world) look(n int) fakegithub.ChangeView {
	w.t.Helper()
	v, err := w.Change(shop, n)
	if err != nil {
		w.t.Fatal(err)
	}
	return v
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func TestAChangeFromOpenToMerged(t *testing.T) {
	w := newWorld(t)
	w.Require(shop, "main", "build")
	v := w.open("ann")
	if got := names(w.deliver()); got != "push pull_request.opened" {
		t.Fatalf("opening sent %q", got)
	}
	pull, _, err := w.client.PullRequests.Get(w.ctx, "acme", "shop", v.Number)
	w.must(err)
	if pull.GetAdditions() != 2 || pull.GetDeletions() != 1 || pull.GetChangedFiles() != 1 || pull.GetMergeableState() != "blocked" || pull.GetHead().GetSHA() != v.Head {
		t.Errorf("the change is %v", pull)
	}
	if _, err := w.Merge(shop, v.Number, "ann"); err == nil || !strings.Contains(err.Error(), "build is expected") {
		t.Errorf("merging without the check: %v", err)
	}
	w.must(second(w.Check(shop, v.Head, "build", "in_progress", "")))
	w.must(second(w.Check(shop, v.Head, "build", "completed", "success")))
	if got := names(w.deliver()); got != "check_run.created check_run.completed check_suite.completed" {
		t.Errorf("checking sent %q", got)
	}
	sha, err := w.Merge(shop, v.Number, "bob")
	w.must(err)
	if got := names(w.deliver()); got != "pull_request.closed push" {
		t.Errorf("merging sent %q", got)
	}
	v = w.look(v.Number)
	if !v.Merged || v.MergeSHA != sha || w.Branch(shop, "main") != sha || v.Added != 2 || v.Deleted != 1 {
		t.Errorf("after the merge: %+v", v)
	}
}

func second[T any](_ T, err error) error { return err }

func TestSignatures(t *testing.T) {
	w := newWorld(t)
	w.open("ann")
	seen := map[string]bool{}
	for _, h := range w.deliver() {
		if err := github.ValidateSignature(h.header.Get("X-Hub-Signature-256"), h.body, []byte(secret)); err != nil {
			t.Error(err)
		}
		if err := github.ValidateSignature(h.header.Get("X-Hub-Signature"), h.body, []byte(secret)); err != nil {
			t.Error(err)
		}
		if _, err := github.ParseWebHook(h.header.Get("X-GitHub-Event"), h.body); err != nil {
			t.Error(err)
		}
		id := h.header.Get("X-GitHub-Delivery")
		if len(id) != 36 || seen[id] {
			t.Errorf("delivery id %q", id)
		}
		seen[id] = true
	}
}

func TestTheBotWrites(t *testing.T) {
	w := newWorld(t)
	v := w.open("ann")
	w.deliver()
	run, _, err := w.client.Checks.CreateCheckRun(w.ctx, "acme", "shop", github.CreateCheckRunOptions{
		Name: "roundtrip / batch", HeadSHA: v.Head, Status: github.String("in_progress"), ExternalID: github.String("x"),
		Output: &github.CheckRunOutput{Title: github.String("3 lines"), Summary: github.String("**small**")},
	})
	w.must(err)
	if got := w.look(v.Number); got.Verdict != "blocked" || len(got.Checks) != 1 || !strings.Contains(got.Checks[0].HTML(), "<strong>small") {
		t.Errorf("with a check in progress: %+v", got)
	}
	_, _, err = w.client.Checks.UpdateCheckRun(w.ctx, "acme", "shop", run.GetID(), github.UpdateCheckRunOptions{Name: "roundtrip / batch", Conclusion: github.String("success")})
	w.must(err)
	c, _, err := w.client.Issues.CreateComment(w.ctx, "acme", "shop", v.Number, &github.IssueComment{Body: github.String("Hello <!-- mark -->")})
	w.must(err)
	_, _, err = w.client.Issues.EditComment(w.ctx, "acme", "shop", c.GetID(), &github.IssueComment{Body: github.String("Bye")})
	w.must(err)
	_, _, err = w.client.Reactions.CreateIssueCommentReaction(w.ctx, "acme", "shop", c.GetID(), "eyes")
	w.must(err)
	d, _, err := w.client.Repositories.CreateDeployment(w.ctx, "acme", "shop", &github.DeploymentRequest{
		Ref: github.String(v.Head), Environment: github.String("staging"), RequiredContexts: &[]string{}, AutoMerge: github.Bool(false), Payload: map[string]any{"key": "k"},
	})
	w.must(err)
	_, _, err = w.client.Repositories.CreateDeploymentStatus(w.ctx, "acme", "shop", d.GetID(), &github.DeploymentStatusRequest{State: github.String("success")})
	w.must(err)
	want := "check_run.created check_run.completed check_suite.completed issue_comment.created issue_comment.edited deployment.created deployment_status.created"
	hooks := w.deliver()
	if got := names(hooks); got != want {
		t.Errorf("sent %q", got)
	}
	var f struct{ Sender struct{ Login, Type string } }
	_ = json.Unmarshal(hooks[3].body, &f)
	if f.Sender.Login != "roundtrip[bot]" || f.Sender.Type != "Bot" {
		t.Errorf("the comment was sent by %+v", f.Sender)
	}
	got := w.look(v.Number)
	if got.Verdict != "clean" || got.Comments[0].Body != "Bye" || got.Comments[0].Reactions["eyes"] != 1 || len(w.Writes()) != 7 {
		t.Errorf("in the end: %+v, %d writes", got, len(w.Writes()))
	}
	if ds := w.Deployments(shop); len(ds) != 1 || ds[0].Statuses[0].State != "success" {
		t.Errorf("deployments: %+v", ds)
	}
	if n := w.Requests()["POST /repos/{owner}/{repo}/check-runs"]; n != 1 {
		t.Errorf("%d check runs counted: %v", n, w.Requests())
	}
}
