package executor_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/github"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
	"github.com/roundtrip-bot/roundtrip/deploy/executor"
	"github.com/roundtrip-bot/roundtrip/deploy/executor/executortest"
)

var appKey = sync.OnceValue(func() *rsa.PrivateKey {
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return k
})

const workflow = `name: Deploy
run-name: "${{ inputs.verb }} ${{ inputs.environment }} ${{ inputs.deploy_id }}"
on:
  workflow_dispatch:
    inputs:
      deploy_id: {required: true}
      verb: {required: true}
      sha: {required: true}
      environment: {required: true}
      stage: {required: true}
      weight: {required: true}
      fence: {required: true}
      params: {default: "{}"}
`

const dispatches = "POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches"

// hub is a pretend GitHub whose workflows deploy into a pretend world.
type hub struct {
	*fakegithub.Server
	executor.Executor
	url  string
	repo fakegithub.RepoInfo
	now  time.Time // the real one, until it is moved

	mu      sync.Mutex
	stable  bot.SHA
	canary  bot.SHA
	weight  int
	started []string
	under   []fakegithub.Dispatch // starts under way
	fail    string
}

func newHub(t *testing.T, file string) *hub {
	t.Helper()
	h := &hub{stable: executortest.Old}
	h.Server = fakegithub.New(fakegithub.Options{AppID: 42, PublicKey: &appKey().PublicKey, Now: h.clock})
	s := httptest.NewServer(h.Server)
	t.Cleanup(s.Close)
	h.SetURLs(s.URL, s.URL)
	h.url = s.URL
	h.repo = h.AddRepo("acme/shop", map[string]string{".github/workflows/deploy.yml": file})
	h.OnDispatch(h.run)
	h.Executor = h.open(t)
	return h
}

func (h *hub) clock() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.now.IsZero() {
		return time.Now()
	}
	return h.now
}

func (h *hub) client(t *testing.T) *github.Client {
	t.Helper()
	c, err := github.New(github.Options{
		APIURL: h.url, AppID: 42, MarkKey: []byte("m"), Login: "roundtrip[bot]",
		PrivateKey: pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(appKey())}),
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// open is the executor of a server that has just begun.
func (h *hub) open(t *testing.T) executor.Executor {
	t.Helper()
	return openActions(t, inHub{h.client(t).Workflows(), h})
}

func openActions(t *testing.T, w executor.Workflows) executor.Executor {
	t.Helper()
	for _, k := range executor.Kinds() {
		if k.Name == "actions" {
			x, err := k.New(executor.Endpoint{}, executor.Options{Now: time.Now, Workflows: w})
			if err != nil {
				t.Fatal(err)
			}
			return x
		}
	}
	t.Fatal("there is no actions")
	return nil
}

// run is what the workflow does; a start is under way until Settle.
func (h *hub) run(d fakegithub.Dispatch) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	if d.Inputs["verb"] == "start" {
		h.started = append(h.started, d.Inputs["deploy_id"])
		h.under = append(h.under, d)
		return ""
	}
	h.act(d)
	return "success"
}

func (h *hub) act(d fakegithub.Dispatch) {
	switch sha := bot.SHA(d.Inputs["sha"]); d.Inputs["verb"] {
	case "finish":
		h.stable, h.canary, h.weight = sha, "", 0
	case "abort":
		h.canary, h.weight = "", 0
	default:
		h.canary = sha
		h.weight, _ = strconv.Atoi(d.Inputs["weight"])
	}
}

func (h *hub) Settle() {
	h.mu.Lock()
	under, conclusion := h.under, "success"
	h.under = nil
	if h.fail != "" {
		conclusion, h.fail = "failure", ""
	}
	h.mu.Unlock()
	for _, d := range under {
		if h.EndWorkflow("acme/shop", d.ID, conclusion) == nil && conclusion == "success" { // else it was cancelled
			h.mu.Lock()
			h.act(d)
			h.mu.Unlock()
		}
	}
}

func (h *hub) FailNext(why string) { h.fail = why }
func (h *hub) Unavailable(n int)   { h.failing(fakegithub.Fault{Route: "*", Status: 503}, n) }
func (h *hub) LoseAnswers(n int)   { h.failing(fakegithub.Fault{Route: dispatches, Lost: true}, n) }
func (h *hub) failing(f fakegithub.Fault, n int) {
	h.ClearFaults()
	if f.Times = n; n > 0 {
		h.Fail(f)
	}
}
func (h *hub) Stable() bot.SHA        { return h.stable }
func (h *hub) Canary() (bot.SHA, int) { return h.canary, h.weight }
func (h *hub) Started(key string) (n int) {
	for _, id := range h.started {
		if strings.HasPrefix(id, key+":") {
			n++
		}
	}
	return n
}

// Says: only the conclusion and the run's page are told.
func (h *hub) Says() string {
	return "the workflow run ended as failure: " + h.url + "/acme/shop/actions/runs/950001"
}

// inHub takes the exercise's repository for the hub's, whose ids it gave out
// itself.
type inHub struct {
	*github.Workflows
	h *hub
}

func (i inHub) ref() bot.RepoRef {
	return bot.RepoRef{Installation: i.h.repo.Installation, ID: i.h.repo.ID, Name: "acme/shop"}
}

func (i inHub) Dispatch(ctx context.Context, _ bot.RepoRef, name string, inputs map[string]string) (int64, error) {
	return i.Workflows.Dispatch(ctx, i.ref(), name, inputs)
}

func (i inHub) Dispatched(ctx context.Context, _ bot.RepoRef, since time.Time, more func(bot.WorkflowRun) bool) error {
	return i.Workflows.Dispatched(ctx, i.ref(), since, more)
}

func (i inHub) Run(ctx context.Context, _ bot.RepoRef, id int64) (bot.WorkflowRun, error) {
	return i.Workflows.Run(ctx, i.ref(), id)
}

func (i inHub) Cancel(ctx context.Context, _ bot.RepoRef, id int64) error {
	return i.Workflows.Cancel(ctx, i.ref(), id)
}

func TestActionsDoWhatAnExecutorMust(t *testing.T) {
	executortest.Exercise(t, func(t *testing.T) (executor.Executor, executortest.World) {
		h := newHub(t, workflow)
		return h.Executor, h
	})
}

// TestARunIsFoundByWhoWasNotThere: the server was restarted after a dispatch;
// the new one knows the run by its title.
func TestARunIsFoundByWhoWasNotThere(t *testing.T) {
	h := newHub(t, workflow)
	o := executortest.Order(1, 3)
	if err := h.Start(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	again := h.open(t)
	if found, err := again.Find(t.Context(), o); err != nil || !found {
		t.Errorf("found %v, %v", found, err)
	}
	if err := again.Start(t.Context(), o); err != nil || h.Started(o.Key) != 1 {
		t.Errorf("%v, started %d times", err, h.Started(o.Key))
	}
	h.Settle()
	seen, err := again.Observe(t.Context(), o)
	if err != nil || seen.State != bot.StagePlaced || seen.Weight != 5 || !strings.Contains(seen.URL, "/acme/shop/actions/runs/950001") {
		t.Errorf("%+v, %v", seen, err)
	}
	if err := again.Start(t.Context(), executortest.Order(9, 2)); !errors.As(err, &bot.Permanent{}) {
		t.Errorf("an older rollout: %v", err)
	}
}

func TestWhatAWorkflowIsTold(t *testing.T) {
	h := newHub(t, workflow)
	var told map[string]string
	h.OnDispatch(func(d fakegithub.Dispatch) string { told = d.Inputs; return "" })
	if err := h.Start(t.Context(), executortest.Order(1, 3)); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"deploy_id": "7/42/shop/production/1:3:start:5", "verb": "start", "sha": string(executortest.New),
		"environment": "production", "stage": "canary", "weight": "5", "fence": "3", "params": `{"size":"small"}`,
	}
	if diff := gocmp.Diff(want, told); diff != "" {
		t.Error(diff)
	}
}

// TestAMoveThatTakesLongIsAskedForAgain, is never dispatched twice, and its
// failure is told once.
func TestAMoveThatTakesLongIsAskedForAgain(t *testing.T) {
	h := newHub(t, workflow)
	o := executortest.Order(1, 1)
	if err := h.Start(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	h.Settle()
	var ids []int64
	h.OnDispatch(func(d fakegithub.Dispatch) string { ids = append(ids, d.ID); return "" })
	o.Weight = 50
	for range 3 {
		var asked bot.RetryAfter
		if err := h.SetWeight(t.Context(), o); !errors.As(err, &asked) || asked.After < time.Second {
			t.Errorf("%v", err)
		}
	}
	if err := h.Finish(t.Context(), o); !errors.As(err, &bot.RetryAfter{}) {
		t.Errorf("finish meanwhile: %v", err)
	}
	if len(ids) != 1 {
		t.Fatalf("dispatched %d times", len(ids))
	}
	if err := h.EndWorkflow("acme/shop", ids[0], "timed_out"); err != nil {
		t.Fatal(err)
	}
	if err := h.SetWeight(t.Context(), o); !errors.As(err, &bot.Permanent{}) || !strings.Contains(err.Error(), "ended as timed_out: http") {
		t.Errorf("%v", err)
	}
	if err := h.SetWeight(t.Context(), o); !errors.As(err, &bot.RetryAfter{}) || len(ids) != 2 {
		t.Errorf("again: %v, dispatched %d times", err, len(ids))
	}
}

// TestARunWithoutItsNameIsCancelled: nobody could find it again.
func TestARunWithoutItsNameIsCancelled(t *testing.T) {
	h := newHub(t, strings.Replace(workflow, "${{ inputs.deploy_id }}", "", 1))
	err := h.Start(t.Context(), executortest.Order(1, 1))
	if !errors.As(err, &bot.Permanent{}) || !strings.Contains(err.Error(), "${{ inputs.deploy_id }}") {
		t.Errorf("%v", err)
	}
	h.Settle()
	if sha, _ := h.Canary(); sha != "" {
		t.Error("it was not cancelled")
	}
}

func TestWhatIsWrongWithAWorkflowIsSaid(t *testing.T) {
	for name, c := range map[string]struct {
		file string
		says string
	}{
		"it cannot be dispatched": {"name: Deploy\non: push\n", "workflow_dispatch"},
		"an input is missing":     {strings.Replace(workflow, "      fence: {required: true}\n", "", 1), "Unexpected inputs"},
	} {
		h := newHub(t, c.file)
		if err := h.Start(t.Context(), executortest.Order(1, 1)); !errors.As(err, &bot.Permanent{}) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", name, err)
		}
	}
	h, o := newHub(t, workflow), executortest.Order(1, 1)
	o.Executor.Name = "other.yml"
	if err := h.Start(t.Context(), o); !errors.As(err, &bot.Permanent{}) {
		t.Errorf("no such workflow: %v", err)
	}
}

// TestALostDispatchIsNotSaidToBeNone: what was asked for and never answered
// may be listed a little later.
func TestALostDispatchIsNotSaidToBeNone(t *testing.T) {
	h := newHub(t, workflow)
	o := executortest.Order(1, 1)
	h.failing(fakegithub.Fault{Route: dispatches, Status: 502}, 1)
	if err := h.Start(t.Context(), o); err == nil || errors.As(err, &bot.Permanent{}) {
		t.Errorf("%v", err)
	}
	if found, err := h.Find(t.Context(), o); found || !errors.As(err, &bot.RetryAfter{}) {
		t.Errorf("found %v, %v", found, err)
	}
}

// TestWorkflowsAreTheRepositorysOwn: no operator has to name them, and where
// nobody starts workflows there are none.
func TestWorkflowsAreTheRepositorysOwn(t *testing.T) {
	o := executortest.Order(1, 1)
	o.Executor = bot.ExecutorRef{Kind: "actions", Name: "deploy.yml"}
	h := newHub(t, workflow)
	with, err := executor.New(nil, executor.Options{Workflows: inHub{h.client(t).Workflows(), h}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := with.Observe(t.Context(), o); !errors.Is(err, bot.ErrNotFound) {
		t.Errorf("%v", err)
	}
	without, err := executor.New(nil, executor.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := without.Observe(t.Context(), o); !errors.As(err, &bot.Permanent{}) {
		t.Errorf("%v", err)
	}
}
