package handlers

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy"
	"github.com/roundtrip-bot/roundtrip/policies"
)

// desk is a store, a GitHub and an executor that know what they were told.
type desk struct {
	GitHub     // whatever else is asked panics
	docs       map[string][]byte
	changes    map[int]bot.Change
	lines      map[bot.SHA]bot.Size // counted file by file
	readErr    error                // of a change or its lines
	linesErr   error                // of its lines alone
	counted    int                  // how often lines were asked for
	changed    map[bot.SHA][]bot.ChangedFile
	another    bot.SHA // which is no change's head any more
	listErr    error   // of the files
	listed     int     // how often they were asked for
	attributes []bot.AttributesFile
	treeErr    error
	trees      int           // how often they were asked for
	countFor   time.Duration // then they are not there, as from a slow GitHub; 0: at once
	roles      map[bot.Login]bot.Role
	roleErr    error
	pushed     map[bot.SHA]time.Time
	noActivity bool // GitHub has no list of pushes
	pushers    map[bot.SHA]bot.Login
	required   []string
	runs       []bot.CheckRun
	head       bot.SHA
	headErr    error
	fileErr    error
	open       []bot.Change
	openErr    error
	slow       []int // so many changes it lists each time; the last number stays
	compared   []bot.Commit
	committed  map[bot.SHA][]bot.ChangedFile // of a commit; one that is not here is not shown whole
	seenOrders []bot.StageOrder
	file       string             // of the default branch; "file" when empty
	files      map[bot.SHA]string // the file at a commit
	looked     []bot.SHA          // at the file there
}

var (
	tea     = bot.RepoRef{Installation: 42, ID: 9, Name: "acme/tea"}
	teaTime = time.Date(2026, 3, 9, 16, 0, 0, 0, time.UTC)
)

func teaSHA(n int) bot.SHA { return bot.SHA(fmt.Sprintf("%040x", n)) }

func newDesk() *desk {
	return &desk{
		docs: map[string][]byte{}, changes: map[int]bot.Change{}, pushed: map[bot.SHA]time.Time{}, pushers: map[bot.SHA]bot.Login{},
		roles: map[bot.Login]bot.Role{"ann": bot.RoleWrite, "rudi": bot.RoleRead, "mia": bot.RoleMaintain, "root": bot.RoleAdmin, "tri": bot.RoleTriage},
	}
}

// handlers that look through the desk; the file names a staging and a canary.
func (k *desk) handlers() *Handlers {
	return &Handlers{
		Store: k, GitHub: k, Stages: k, People: map[string]bot.Login{"U1": "ann"},
		Read: func(text []byte) (Settings, []bot.Mistake) {
			if strings.Contains(string(text), "stagse") {
				return Settings{}, []bot.Mistake{{File: ConfigPath, Line: 3, Column: 1, Path: "stagse", Message: "unknown key", Hint: "did you mean stages?"}}
			}
			return teaSettings(), nil
		},
	}
}

func teaSettings() Settings {
	limits := deploy.Timeouts{Step: 20 * time.Minute, Rollout: 4 * time.Hour}
	http := bot.ExecutorRef{Kind: "http", Name: "cd"}
	watched := policies.Settings{Green: policies.GreenSettings{Branches: []string{"**"}}}
	return Settings{HasFile: true, Policies: watched, Pipeline: deploy.Pipeline{
		Hash: "hash", Services: []deploy.Service{{Name: "tea", Parameters: map[string][]string{"size": {"small", "large"}}}},
		Stages: []deploy.Stage{
			{Name: "staging", Environment: "staging", Executor: http, Timeouts: limits, Steps: []deploy.WeightStep{{Weight: 100}}},
			{Name: "production", Environment: "production", Production: true, Executor: http, Timeouts: limits, Steps: []deploy.WeightStep{{Weight: 100}}},
		},
	}}
}

func (k *desk) Doc(_ context.Context, key string, doc interface{ SetVersion(int) }) (bool, error) {
	body, ok := k.docs[key]
	if !ok {
		return false, nil
	}
	doc.SetVersion(1)
	return true, json.Unmarshal(body, doc)
}

func (k *desk) Keys(_ context.Context, prefix string) (keys []string, err error) {
	for key := range k.docs {
		if strings.HasPrefix(key, prefix) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys, nil
}

// Held by changes, which alone are asked for by what they hold.
func (k *desk) Held(ctx context.Context, prefix string, next func() interface{ SetVersion(int) }) error {
	keys, _ := k.Keys(ctx, "change/")
	for _, key := range keys {
		var doc changeDoc
		if err := json.Unmarshal(k.docs[key], &doc); err != nil {
			return err
		}
		if !slices.ContainsFunc(doc.Claims(), func(c string) bool { return strings.HasPrefix(c, prefix) }) {
			continue
		}
		if _, err := k.Doc(ctx, key, next()); err != nil {
			return err
		}
	}
	return nil
}

func (k *desk) Known(context.Context, []string) (map[string]bool, error) {
	return map[string]bool{}, nil
}

func (k *desk) Facts(context.Context, bot.FactQuery) ([]bot.Fact, error) { return nil, nil }

func (k *desk) File(context.Context, bot.RepoRef, string) ([]byte, error) {
	switch k.file {
	case "":
		return []byte("file"), k.fileErr
	case noFile:
		return nil, bot.ErrNotFound
	case hugeFile:
		return nil, bot.Permanent{Err: errors.New("the file is too large")}
	}
	return []byte(k.file), nil
}

// Files of the default branch that are none.
const noFile, hugeFile = "none", "huge"

func (k *desk) FileAt(_ context.Context, _ bot.RepoRef, _ string, at bot.SHA) ([]byte, error) {
	k.looked = append(k.looked, at)
	text, ok := k.files[at]
	if !ok {
		return nil, bot.ErrNotFound
	}
	return []byte(text), nil
}

func (k *desk) Change(_ context.Context, ref bot.ChangeRef) (bot.Change, error) {
	c, ok := k.changes[ref.Number]
	if k.readErr != nil {
		return c, k.readErr
	}
	if !ok {
		return c, bot.ErrNotFound
	}
	return c, nil
}

func (k *desk) Lines(ctx context.Context, _ bot.ChangeRef, head bot.SHA) (bot.Size, bool, error) {
	k.counted++
	if k.countFor > 0 {
		ctx, cancel := context.WithTimeout(ctx, k.countFor)
		defer cancel()
		<-ctx.Done()
		return bot.Size{}, false, ctx.Err()
	}
	size, ok := k.lines[head]
	return size, ok, errors.Join(k.readErr, k.linesErr)
}

// ChangedFiles are those that the desk has, or one with all the lines.
func (k *desk) ChangedFiles(_ context.Context, _ bot.ChangeRef, head bot.SHA, total int) ([]bot.ChangedFile, bool, error) {
	k.listed++
	files, ok := k.changed[head]
	if !ok {
		files = []bot.ChangedFile{{Path: "a.go", Status: "modified", Added: total}}
	}
	return files, head != k.another, k.listErr
}

func (k *desk) Attributes(_ context.Context, _ bot.RepoRef, _ bot.SHA, known []bot.AttributesFile) ([]bot.AttributesFile, error) {
	k.trees++
	if k.attributes == nil {
		return known, k.treeErr
	}
	return k.attributes, k.treeErr
}

func (k *desk) OpenChanges(_ context.Context, _ bot.RepoRef, _ string, skip int) ([]bot.Change, error) {
	open := k.open[min(skip, len(k.open)):]
	if len(k.slow) == 0 {
		return open, k.openErr
	}
	most := k.slow[0]
	k.slow = k.slow[min(1, len(k.slow)-1):]
	if len(open) > most {
		return open[:most], bot.Away{Who: "GitHub", Err: errors.New("GitHub took longer than 10s")}
	}
	return open, k.openErr
}

func (k *desk) Role(_ context.Context, _ bot.RepoRef, login bot.Login) (bot.Role, error) {
	return k.roles[login], k.roleErr
}

func (k *desk) RequiredChecks(context.Context, bot.RepoRef, string) ([]string, error) {
	return k.required, nil
}

func (k *desk) Checks(context.Context, bot.RepoRef, bot.SHA) ([]bot.CheckRun, error) {
	return k.runs, nil
}

func (k *desk) Head(context.Context, bot.RepoRef, string) (bot.SHA, error) { return k.head, k.headErr }

func (k *desk) DefaultBranch(context.Context, bot.RepoRef) (string, error) { return "main", nil }

func (k *desk) Compare(context.Context, bot.RepoRef, bot.SHA, bot.SHA) ([]bot.Commit, error) {
	return k.compared, nil
}

func (k *desk) CommitFiles(_ context.Context, _ bot.RepoRef, at bot.SHA) ([]bot.ChangedFile, bool, error) {
	files, ok := k.committed[at]
	return files, ok, nil
}

func (k *desk) PushedAt(_ context.Context, _ bot.RepoRef, _ string, sha bot.SHA) (time.Time, bot.Login, bool, error) {
	if sha == teaSHA(500) {
		return time.Time{}, "", false, errors.New("no answer")
	}
	if k.noActivity {
		return time.Time{}, "", false, bot.ErrNotFound
	}
	at, ok := k.pushed[sha]
	return at, k.pushers[sha], ok, nil
}

func (k *desk) Observe(_ context.Context, o bot.StageOrder) (bot.Observation, error) {
	k.seenOrders = append(k.seenOrders, o)
	return bot.Observation{State: bot.StageRunning}, nil
}

// keep saves what a plan keeps.
func (k *desk) keep(t testing.TB, plan bot.Plan) bot.Plan {
	t.Helper()
	for _, d := range plan.Docs {
		body, err := json.Marshal(d)
		if err != nil {
			t.Fatal(err)
		}
		k.docs[d.DocKey()] = body
	}
	return plan
}

// hears lets every handler have an event, and saves what they plan.
func (k *desk) hears(t testing.TB, at time.Time, e bot.Event) bot.Plan {
	t.Helper()
	var all bot.Plan
	for _, h := range k.handlers().All() {
		plan, _, err := h.Handle(t.Context(), bot.Delivery[bot.Event]{ID: fmt.Sprint(at.UnixNano()), At: at, Event: e})
		if err != nil {
			t.Fatalf("%s: %v", h.Name, err)
		}
		all.Join(plan)
	}
	return k.keep(t, all)
}

// says has somebody comment on a change.
func (k *desk) says(t testing.TB, at time.Time, by bot.Login, number int, text string) bot.Plan {
	t.Helper()
	return k.hears(t, at, bot.CommandGiven{
		From: bot.FromComment, By: bot.Person{Login: by}, Text: text, At: at, Comment: at.UnixNano(),
		Ref: bot.ChangeRef{Repo: tea, Number: number}, Open: true,
	})
}

// orders are what a plan asks of executors.
func orders(plan bot.Plan) (started []bot.StageOrder) {
	for _, e := range append(slices.Clone(plan.Effects), plan.Answers...) {
		if s, ok := e.(bot.StartStage); ok {
			started = append(started, s.Order)
		}
	}
	return started
}

// answer is what the comment of a plan says to whoever asked.
func answer(plan bot.Plan) string {
	for _, e := range plan.Answers {
		if c, ok := e.(bot.KeepComment); ok && strings.HasPrefix(c.Place, "answer/") {
			return c.Body
		}
	}
	return ""
}

func openChange(number int, head bot.SHA) bot.Change {
	return bot.Change{
		Ref: bot.ChangeRef{Repo: tea, Number: number}, Author: "bob", Head: head, HeadRef: "topic", HeadRepo: tea.ID,
		BaseRef: "main", Open: true, HasTotals: true, Title: "A change",
	}
}
