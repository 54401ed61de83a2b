package executor_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/deploy/executor/executortest"
)

// forge is a run that says it is what the title says; all else is as given.
func (h *hub) forge(t *testing.T, by, branch, file, title string) {
	t.Helper()
	if _, err := h.RunWorkflow("acme/shop", by, branch, file, title); err != nil {
		t.Fatal(err)
	}
}

// TestARunOfSomebodyElsesIsNotBelieved: whoever may dispatch a workflow makes
// titles as they like, and keys can be guessed.
func TestARunOfSomebodyElsesIsNotBelieved(t *testing.T) {
	o := executortest.Order(1, 1)
	for name, c := range map[string]struct{ by, branch, file string }{
		"by a person":             {"mona", "main", "deploy.yml"},
		"by another app":          {"github-actions[bot]", "main", "deploy.yml"},
		"by another file":         {"mona", "main", "nightly.yml"},
		"from a branch of theirs": {"mona", "hers", "deploy.yml"},
	} {
		h := newHub(t, workflow)
		if _, err := h.Push("acme/shop", "hers", "mona", "A branch", map[string]string{"x": "y"}); err != nil {
			t.Fatal(err)
		}
		h.forge(t, c.by, c.branch, c.file, "start canary "+o.Key+":1:start:5")
		if found, err := h.Find(t.Context(), o); err != nil || found {
			t.Errorf("%s: found %v, %v", name, found, err)
		}
		if _, err := h.Observe(t.Context(), o); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("%s: observed with %v", name, err)
		}
		if err := h.Start(t.Context(), o); err != nil || h.Started(o.Key) != 1 {
			t.Errorf("%s: %v, started %d times", name, err, h.Started(o.Key))
		}
	}
}

// TestAForgedFenceKeepsNobodyOut of an environment.
func TestAForgedFenceKeepsNobodyOut(t *testing.T) {
	h := newHub(t, workflow)
	o := executortest.Order(1, 1)
	h.forge(t, "mona", "main", "deploy.yml", o.Slot()+"/zzz:999999999:start:0")
	if err := h.Start(t.Context(), o); err != nil || h.Started(o.Key) != 1 {
		t.Errorf("%v, started %d times", err, h.Started(o.Key))
	}
}

// TestAForgedAbortMovesNothing: only our own runs say what became of a rollout.
func TestAForgedAbortMovesNothing(t *testing.T) {
	h := newHub(t, workflow)
	o := executortest.Order(1, 1)
	if err := h.Start(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	h.Settle()
	h.forge(t, "mona", "main", "deploy.yml", o.Key+":1:abort:5")
	if seen, err := h.Observe(t.Context(), o); err != nil || seen.State != bot.StagePlaced {
		t.Errorf("%+v, %v", seen, err)
	}
	if err := h.Abort(t.Context(), o); err != nil {
		t.Error(err)
	}
	if sha, _ := h.Canary(); sha != "" {
		t.Error("a forged abort stood for ours")
	}
}

// TestOurOwnRunInAnotherPlaceIsADoubt: nobody else can have dispatched it, so
// the file was renamed, or the default branch; it may well have taken place.
func TestOurOwnRunInAnotherPlaceIsADoubt(t *testing.T) {
	o := executortest.Order(1, 1)
	for name, c := range map[string]struct{ branch, file string }{
		"the file":   {"main", "release.yml"},
		"the branch": {"before", "deploy.yml"},
	} {
		h := newHub(t, workflow)
		if _, err := h.Push("acme/shop", "before", "mona", "A branch", map[string]string{"x": "y"}); err != nil {
			t.Fatal(err)
		}
		h.forge(t, h.BotLogin(), c.branch, c.file, o.Key+":1:start:5")
		if found, err := h.Find(t.Context(), o); found || !errors.As(err, &bot.Doubtful{}) {
			t.Errorf("%s: found %v, %v", name, found, err)
		}
		if err := h.Start(t.Context(), o); !errors.As(err, &bot.Doubtful{}) || h.Started(o.Key) != 0 {
			t.Errorf("%s: %v, started %d times", name, err, h.Started(o.Key))
		}
	}
}

// TestTheNameIsTheLastWordOfATitle: what stands before it is whatever the
// workflow's inputs hold.
func TestTheNameIsTheLastWordOfATitle(t *testing.T) {
	h := newHub(t, workflow)
	o := executortest.Order(1, 1)
	h.forge(t, h.BotLogin(), "main", "deploy.yml", fmt.Sprintf("%s:1:start:5 and what follows", o.Key))
	if found, err := h.Find(t.Context(), o); err != nil || found {
		t.Errorf("found %v, %v", found, err)
	}
}
