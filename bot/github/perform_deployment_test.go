package github_test

import (
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/github"
)

var rollout = bot.MirrorRollout{
	Repo: shop, Rollout: "42/1296269/shop/3", SHA: shaA, Environment: "production", Task: "deploy",
	State: "in_progress", Description: "5 %", URL: "https://shop.example.com", Production: true, Step: 1,
}

func deploying(t *testing.T, list string) *world {
	w := newWorld(t)
	w.on("GET /repos/acme/shop/deployments", 200, list)
	w.on("POST /repos/acme/shop/deployments", 201, `{"id":600}`)
	w.on("POST /repos/acme/shop/deployments/{id}/statuses", 201, `{"id":1}`)
	return w
}

func TestARolloutIsOneDeploymentWithItsStates(t *testing.T) {
	w := deploying(t, `[]`)
	c := w.client(t)
	r, err := perform(t, c, bot.Job{Effect: rollout})
	noErr(t, err)
	if r.ID != "1" || r.More != "600" {
		t.Errorf("receipt %+v", r)
	}
	next := rollout
	next.State, next.Step, next.Description = "success", 2, strings.Repeat("ü", 200)
	_, err = perform(t, c, bot.Job{Effect: next})
	noErr(t, err)
	writes := w.writes()
	if len(writes) != 3 || len(w.calls) != 4 {
		t.Fatalf("%v", w.calls)
	}
	want := map[string]any{
		"ref": shaA, "task": "deploy", "auto_merge": false, "required_contexts": []any{}, "payload": map[string]any{"roundtrip": rollout.Rollout},
		"environment": "production", "description": "5 %", "transient_environment": false, "production_environment": true,
	}
	if got := writes[0].json(t); !reflect.DeepEqual(got, want) {
		t.Errorf("made %v\nwant %v", got, want)
	}
	want = map[string]any{"state": "in_progress", "environment_url": "https://shop.example.com", "description": "5 %", "auto_inactive": false}
	if got := writes[1].json(t); !reflect.DeepEqual(got, want) {
		t.Errorf("said %v\nwant %v", got, want)
	}
	if d := []rune(writes[2].json(t)["description"].(string)); len(d) != 140 {
		t.Errorf("a description of %d characters", len(d))
	}
}

// TestADeploymentLeadsToItsRollout where people can read of it.
func TestADeploymentLeadsToItsRollout(t *testing.T) {
	w := deploying(t, `[]`)
	c, err := github.New(github.Options{
		APIURL: w.url, AppID: ourApp, PrivateKey: key(), MarkKey: []byte("mark key"), Login: self,
		Page: func(id string) string { return "https://rt.example.com/rollouts/" + id },
	})
	noErr(t, err)
	_, err = perform(t, c, bot.Job{Effect: rollout})
	noErr(t, err)
	if got, want := w.writes()[1].json(t)["log_url"], "https://rt.example.com/rollouts/42/1296269/shop/3"; got != want {
		t.Errorf("log_url %v, want %v", got, want)
	}
}

func TestAfterARestartTheDeploymentIsFoundByItsPayload(t *testing.T) {
	ours := fmt.Sprintf(`"creator":{"login":%q}`, self)
	found := map[string]string{
		"as an object": `{"id":700,"payload":{"roundtrip":"42/1296269/shop/3"},` + ours + `}`,
		"as text":      `{"id":700,"payload":"{\"roundtrip\":\"42/1296269/shop/3\"}",` + ours + `}`,
		"by app":       `{"id":700,"payload":{"roundtrip":"42/1296269/shop/3"},"creator":{"login":"x"},"performed_via_github_app":{"id":7}}`,
	}
	for name, d := range found {
		w := deploying(t, "["+d+"]")
		if r, err := perform(t, w.client(t), bot.Job{Effect: rollout}); err != nil || r.More != "700" || len(w.writes()) != 1 {
			t.Errorf("%s: %+v, %v after %v", name, r, err, w.calls)
		}
		if q := w.calls[0].Query; q["sha"][0] != shaA || q["environment"][0] != "production" {
			t.Errorf("asked %v", q)
		}
	}
	strangers := map[string]string{
		"of another rollout": `{"id":700,"payload":{"roundtrip":"42/1296269/shop/2"},` + ours + `}`,
		"of somebody":        `{"id":700,"payload":{"roundtrip":"42/1296269/shop/3"},"creator":{"login":"mallory"}}`,
		"without a payload":  `{"id":700,"payload":"",` + ours + `}`,
	}
	for name, d := range strangers {
		w := deploying(t, "["+d+"]")
		if r, err := perform(t, w.client(t), bot.Job{Effect: rollout}); err != nil || r.More != "600" {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
	}
}

func TestAStateThatIsShownAlreadyIsNotSaidTwice(t *testing.T) {
	w := deploying(t, fmt.Sprintf(`[{"id":700,"payload":{"roundtrip":"42/1296269/shop/3"},"creator":{"login":%q}}]`, self))
	w.on("GET /repos/acme/shop/deployments/700/statuses", 200, `[{"id":8,"state":"in_progress","description":"5 %"},{"id":7,"state":"queued"}]`)
	r, err := perform(t, w.client(t), bot.Job{Effect: rollout, Attempt: 2})
	if err != nil || r.ID != "8" || r.More != "700" || len(w.writes()) != 0 {
		t.Errorf("%+v, %v after %v", r, err, w.calls)
	}
}

// Deployment 700 was made once and has been deleted: whether we remember it
// from a receipt or from before, the state goes to a new one.
func TestADeletedDeploymentIsMadeAnew(t *testing.T) {
	const lost = `{"message":"Not Found"}`
	for name, job := range map[string]bot.Job{
		"from a receipt":                {Effect: rollout, Last: bot.Receipt{ID: "1", More: "700"}},
		"from a receipt, tried before":  {Effect: rollout, Last: bot.Receipt{ID: "1", More: "700"}, Attempt: 2},
		"from the list, gone meanwhile": {Effect: rollout},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			lists := 0
			w.HandleFunc("GET /repos/acme/shop/deployments", func(rw http.ResponseWriter, _ *http.Request) {
				if lists++; lists > 1 || job.Last.More != "" {
					answer(rw, 200, `[]`)
					return
				}
				answer(rw, 200, fmt.Sprintf(`[{"id":700,"payload":{"roundtrip":"42/1296269/shop/3"},"creator":{"login":%q}}]`, self))
			})
			w.on("GET /repos/acme/shop/deployments/700/statuses", 404, lost)
			w.on("POST /repos/acme/shop/deployments/700/statuses", 404, lost)
			w.on("GET /repos/acme/shop/deployments/600/statuses", 200, `[]`)
			w.on("POST /repos/acme/shop/deployments", 201, `{"id":600}`)
			w.on("POST /repos/acme/shop/deployments/600/statuses", 201, `{"id":1}`)
			c := w.client(t)
			r, err := perform(t, c, job)
			if err != nil || r.More != "600" {
				t.Fatalf("%+v, %v after %v", r, err, w.calls)
			}
			next := rollout // and the one that follows knows the new one
			next.State, next.Step = "success", 2
			if r, err := perform(t, c, bot.Job{Effect: next}); err != nil || r.More != "600" {
				t.Errorf("%+v, %v after %v", r, err, w.calls)
			}
		})
	}
}

func TestARepositoryThatIsGoneIsNotAskedForEver(t *testing.T) {
	w := newWorld(t)
	w.on("GET /repos/acme/shop/deployments", 404, `{"message":"Not Found"}`)
	_, err := perform(t, w.client(t), bot.Job{Effect: rollout})
	var permanent bot.Permanent
	if !errors.As(err, &permanent) || len(w.calls) != 2 {
		t.Errorf("%v after %v", err, w.calls)
	}
}

// A deployment that somebody else made is retired by its id if it is live, and
// never made.
func TestAnothersDeploymentIsRetired(t *testing.T) {
	retired := bot.MirrorRollout{Repo: shop, Deployment: 31, SHA: shaA, Environment: "production", Task: "deploy", State: "inactive", Description: "replaced by abc1234"}
	for name, c := range map[string]struct {
		status int
		list   string
		writes int
	}{
		"live":            {200, `[{"id":8,"state":"success"},{"id":7,"state":"queued"}]`, 1},
		"inactive":        {200, `[{"id":9,"state":"inactive"},{"id":8,"state":"success"}]`, 0},
		"failed since":    {200, `[{"id":9,"state":"failure"},{"id":8,"state":"success"}]`, 0},
		"without a state": {200, `[]`, 0},
		"deleted":         {404, `{"message":"Not Found"}`, 0},
	} {
		w := newWorld(t)
		w.on("GET /repos/acme/shop/deployments/31/statuses", c.status, c.list)
		w.on("POST /repos/acme/shop/deployments/31/statuses", 201, `{"id":10}`)
		if _, err := perform(t, w.client(t), bot.Job{Effect: retired}); err != nil || len(w.writes()) != c.writes {
			t.Errorf("%s: %v after %v", name, err, w.calls)
		}
	}
	other := retired
	other.Deployment = 32
	if retired.Key() == other.Key() || retired.Group() == other.Group() {
		t.Error("two deployments are taken for one")
	}
}

// GitHub's list may lag behind what was made a moment ago: what we remember to
// have made is asked for by its id before another is made, or another is kept.
func TestADeploymentThatIsNotListedYetIsAskedFor(t *testing.T) {
	of := func(id int, key, by string, sha bot.SHA, environment string) string {
		return fmt.Sprintf(`{"id":%d,"sha":%q,"environment":%q,"payload":{"roundtrip":%q},"creator":{"login":%q}}`, id, sha, environment, key, by)
	}
	d := func(id int, key string) string { return of(id, key, self, rollout.SHA, rollout.Environment) }
	for name, c := range map[string]struct {
		list, known string
		did         string
	}{
		"it is there":           {``, d(700, rollout.Rollout), "700 []"},
		"beside a newer one":    {d(702, rollout.Rollout), d(700, rollout.Rollout), "700 [POST /repos/acme/shop/deployments/702/statuses DELETE /repos/acme/shop/deployments/702]"},
		"it is another's":       {``, d(700, "42/1296269/shop/2"), "600 [POST /repos/acme/shop/deployments]"},
		"a stranger's, by name": {``, of(700, rollout.Rollout, "mallory", rollout.SHA, rollout.Environment), "600 [POST /repos/acme/shop/deployments]"},
		"of another commit":     {``, of(700, rollout.Rollout, self, shaB, rollout.Environment), "600 [POST /repos/acme/shop/deployments]"},
		"of another place":      {``, of(700, rollout.Rollout, self, rollout.SHA, "elsewhere"), "600 [POST /repos/acme/shop/deployments]"},
		"it was deleted":        {``, ``, "600 [POST /repos/acme/shop/deployments]"},
		"deleted, but for one":  {d(702, rollout.Rollout), ``, "702 []"},
		"it is listed by now":   {d(700, rollout.Rollout), ``, "700 []"},
		"listed, and the older": {d(700, rollout.Rollout) + "," + d(699, rollout.Rollout), ``, "699 [POST /repos/acme/shop/deployments/700/statuses DELETE /repos/acme/shop/deployments/700]"},
	} {
		w := deploying(t, "["+c.list+"]")
		if c.known == "" {
			w.on("GET /repos/acme/shop/deployments/700", 404, `{"message":"Not Found"}`)
		} else {
			w.on("GET /repos/acme/shop/deployments/700", 200, c.known)
		}
		w.on("GET /repos/acme/shop/deployments/{id}/statuses", 200, `[{"id":8,"state":"in_progress","description":"5 %"}]`)
		w.on("DELETE /repos/acme/shop/deployments/{id}", 204, "")
		r, err := perform(t, w.client(t), bot.Job{Effect: rollout, Last: bot.Receipt{ID: "1", More: "700"}, Attempt: 2})
		if did := r.More + " " + fmt.Sprint(w.writes()); err != nil || did != c.did {
			t.Errorf("%s: %s, %v", name, did, err)
		}
	}
}
