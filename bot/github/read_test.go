package github_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"reflect"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

var ctx = context.Background()

func TestFileIsReadAsItIs(t *testing.T) {
	w := newWorld(t)
	w.HandleFunc("GET /repos/acme/shop/contents/.github/roundtrip.yml", func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", "application/vnd.github.raw+json; charset=utf-8")
		_, _ = rw.Write([]byte(`{"custom_properties": 1}`))
	})
	w.on("GET /repos/acme/shop/contents/docs", 200, `[{"name":"a.md"}]`)
	w.HandleFunc("GET /repos/acme/shop/contents/big", func(rw http.ResponseWriter, _ *http.Request) {
		_, _ = rw.Write(make([]byte, 2<<20))
	})
	c := w.client(t)
	text, err := c.File(ctx, shop, ".github/roundtrip.yml")
	if err != nil || string(text) != `{"custom_properties": 1}` {
		t.Errorf("%q, %v", text, err)
	}
	if accept := w.calls[0].Accept; accept != "application/vnd.github.raw+json" {
		t.Errorf("asked for %q", accept)
	}
	if _, err := c.File(ctx, shop, "none.yml"); !errors.Is(err, bot.ErrNotFound) {
		t.Errorf("a missing file: %v", err)
	}
	for _, name := range []string{"docs", "big"} {
		var never bot.Permanent
		if _, err := c.File(ctx, shop, name); !errors.As(err, &never) || errors.Is(err, bot.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFileAtACommit(t *testing.T) {
	w, asked := newWorld(t), ""
	w.HandleFunc("GET /repos/acme/shop/contents/.github/roundtrip.yml", func(rw http.ResponseWriter, r *http.Request) {
		asked = r.URL.Query().Get("ref")
		_, _ = rw.Write([]byte("version: 1"))
	})
	text, err := w.client(t).FileAt(ctx, shop, ".github/roundtrip.yml", "abc&def")
	if err != nil || string(text) != "version: 1" || asked != "abc&def" {
		t.Errorf("%q of %q, %v", text, asked, err)
	}
}

// What cannot be asked is not missing: a settings file would be taken for
// removed.
func TestNoTokenIsNotNoFile(t *testing.T) {
	w := &world{ServeMux: http.NewServeMux()}
	w.on("POST /app/installations/{id}/access_tokens", 404, `{"message":"Not Found"}`)
	c := newClient(t, serve(t, w), nil)
	if _, err := c.File(ctx, shop, "x"); err == nil || errors.Is(err, bot.ErrNotFound) {
		t.Errorf("error %v", err)
	}
	_, err := perform(t, c, bot.Job{Effect: bot.React{Repo: shop, Comment: 1, Reaction: bot.Eyes}})
	if permanent := new(bot.Permanent); !errors.As(err, permanent) {
		t.Errorf("a write to an installation that is gone: %v", err)
	}
}

const pullFields = `{"number":12,"title":"Gift wrapping","state":"open","user":{"login":"alice","type":"User"},
 "head":{"ref":"gift","sha":"` + shaA + `","repo":{"id":1296269,"custom_properties":{"t":["a"]}}},
 "base":{"ref":"main","sha":"` + shaB + `","repo":{"id":1296269}},
 "created_at":"2026-10-05T09:00:00Z","updated_at":"2026-10-05T10:00:00Z","labels":[{"name":"ui"}]`

const (
	withTotals    = pullFields + `,"additions":3,"deletions":1,"changed_files":2}`
	withoutTotals = pullFields + `}`
)

func TestChange(t *testing.T) {
	w := newWorld(t)
	w.on("GET /repos/acme/shop/pulls/12", 200, withTotals)
	c, err := w.client(t).Change(ctx, change)
	noErr(t, err)
	want := bot.Change{
		Ref: change, Title: "Gift wrapping", Author: "alice", Head: shaA, HeadRef: "gift", HeadRepo: 1296269, Base: shaB, BaseRef: "main",
		Added: 3, Deleted: 1, Files: 2, HasTotals: true, Open: true, Labels: []string{"ui"},
		Opened: time.Date(2026, 10, 5, 9, 0, 0, 0, time.UTC), Updated: time.Date(2026, 10, 5, 10, 0, 0, 0, time.UTC),
	}
	if !reflect.DeepEqual(c, want) {
		t.Errorf("got  %+v\nwant %+v", c, want)
	}
}

func TestOpenChangesAreReadToTheEnd(t *testing.T) {
	w := newWorld(t)
	w.lists("GET /repos/acme/shop/pulls", "["+withoutTotals+"]", "["+withoutTotals+"]", "[]")
	open, err := w.client(t).OpenChanges(ctx, shop, "main", 0)
	noErr(t, err)
	if len(open) != 2 || open[0].HasTotals {
		t.Errorf("%+v", open)
	}
	if q := w.calls[0].Query; q["state"][0] != "open" || q["base"][0] != "main" || q["per_page"][0] != "100" {
		t.Errorf("asked %v", q)
	}
}

func TestRole(t *testing.T) {
	w := newWorld(t)
	for who, body := range map[string]string{
		"mia":     `{"permission":"write","role_name":"maintain"}`,
		"tom":     `{"permission":"read","role_name":"triage"}`,
		"cus":     `{"permission":"write","role_name":"release manager"}`,
		"none":    `{"permission":"none","role_name":"none"}`,
		"strange": `{"permission":"owner","role_name":"god"}`,
	} {
		w.on("GET /repos/acme/shop/collaborators/"+who+"/permission", 200, body)
	}
	c := w.client(t)
	for who, want := range map[bot.Login]bot.Role{
		"mia": bot.RoleMaintain, "tom": bot.RoleTriage, "cus": bot.RoleWrite, "none": bot.RoleNone, "strange": bot.RoleNone, "nobody": bot.RoleNone, "": bot.RoleNone,
	} {
		if got, err := c.Role(ctx, shop, who); err != nil || got != want {
			t.Errorf("%q is %v, want %v; error %v", who, got, want, err)
		}
	}
}

const (
	protected = `{"protection":{"enabled":true,"required_status_checks":{"enforcement_level":"everyone","contexts":["build"],"checks":[{"context":"unit","app_id":1}]}}}`
	ruled     = `[{"type":"merge_queue","parameters":{"merge_method":"SQUASH"}},{"type":"brand_new_rule","parameters":{"x":[1]}},{"type":"deletion"},
	  {"type":"required_status_checks","parameters":{"required_status_checks":[{"context":"e2e","integration_id":1},{"context":"build"}]}}]`
)

func TestRequiredChecksOfBothKinds(t *testing.T) {
	cases := map[string]struct {
		branch, rules     int
		branchBody, rBody string
		want              []string
		fails             bool
	}{
		"both":               {200, 200, protected, ruled, []string{"build", "e2e", "unit"}, false},
		"protection alone":   {200, 404, protected, `{}`, []string{"build", "unit"}, false},
		"rulesets alone":     {403, 200, `{"message":"Resource not accessible by integration"}`, ruled, []string{"build", "e2e"}, false},
		"nothing required":   {200, 200, `{"protection":{"enabled":false}}`, `[]`, nil, false},
		"switched off":       {200, 200, `{"protection":{"required_status_checks":{"enforcement_level":"off","contexts":["x"]}}}`, `[]`, nil, false},
		"neither can be had": {404, 404, `{}`, `{}`, nil, true},
		"GitHub is broken":   {200, 500, protected, `{}`, nil, true},
	}
	for name, c := range cases {
		w := newWorld(t)
		w.on("GET /repos/acme/shop/branches/release%2F1", c.branch, c.branchBody)
		w.on("GET /repos/acme/shop/rules/branches/release%2F1", c.rules, c.rBody)
		got, err := w.client(t).RequiredChecks(ctx, shop, "release/1")
		if (err != nil) != c.fails || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

func TestChecksOfOthersAndStatuses(t *testing.T) {
	w := newWorld(t)
	w.lists("GET /repos/acme/shop/commits/"+shaA+"/check-runs",
		`{"total_count":2,"check_runs":[{"id":1,"name":"build","head_sha":"`+shaA+`","status":"completed","conclusion":"success","app":{"id":15368}}]}`,
		`{"total_count":2,"check_runs":[{"id":2,"name":"roundtrip / batch","head_sha":"`+shaA+`","status":"completed","conclusion":"failure","app":{"id":7}}]}`)
	w.on("GET /repos/acme/shop/commits/"+shaA+"/status", 200,
		`{"total_count":2,"statuses":[{"id":3,"state":"error","context":"ci/old"},{"id":4,"state":"pending","context":"ci/slow"}]}`)
	runs, err := w.client(t).Checks(ctx, shop, shaA)
	noErr(t, err)
	if len(runs) != 3 || !runs[0].Passed() || runs[0].App != 15368 || !runs[1].Failed() || runs[1].App != 0 || runs[2].Status != bot.InProgress {
		t.Errorf("%+v", runs)
	}
	if w.calls[0].Query["filter"][0] != "latest" {
		t.Error("older runs were asked for")
	}
}

func TestHalfAListIsAnError(t *testing.T) {
	w := newWorld(t)
	w.on("GET /repos/acme/shop/commits/"+shaA+"/check-runs", 200, `{"total_count":1200,"check_runs":[]}`)
	w.on("GET /repos/acme/shop/compare/"+shaA+"..."+shaB, 200, `{"total_commits":3,"commits":[]}`)
	if _, err := w.client(t).Checks(ctx, shop, shaA); err == nil {
		t.Error("half the checks count as all of them")
	}
	if _, err := w.client(t).Compare(ctx, shop, shaA, shaB); err == nil {
		t.Error("half the commits count as all of them")
	}
}

func TestCompareIsReadToTheEnd(t *testing.T) {
	w := newWorld(t)
	w.lists("GET /repos/acme/shop/compare/"+shaA+"..."+shaB,
		`{"total_commits":2,"commits":[{"sha":"1","commit":{"message":"One\n\nmore","author":{"date":"2026-10-01T00:00:00Z"},"tree":{"sha":"t"}},"author":{"login":"dependabot[bot]","type":"Bot"},"parents":[{"sha":"0"}]}]}`,
		`{"total_commits":2,"commits":[{"sha":"2","commit":{"message":"Two","author":{"date":"2026-10-02T00:00:00Z"}},"author":null,"parents":[{"sha":"0"},{"sha":"1"}]}]}`)
	got, err := w.client(t).Compare(ctx, shop, shaA, shaB)
	noErr(t, err)
	want := []bot.Commit{
		{SHA: "1", Tree: "t", Title: "One", Author: "dependabot[bot]", Authored: time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC), Parents: 1, Parent: "0"},
		{SHA: "2", Title: "Two", Authored: time.Date(2026, 10, 2, 0, 0, 0, 0, time.UTC), Parents: 2, Parent: "0"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// Only the newest that GitHub remembers of the branch says when its head came.
func TestPushedAt(t *testing.T) {
	entry := func(after, ref, at string) string {
		return `{"after":"` + after + `","ref":"refs/heads/` + ref + `","timestamp":"` + at + `","actor":{"login":"bob"}}`
	}
	newest, older := "2026-10-05T10:00:00Z", "2026-10-05T09:00:00Z"
	for name, c := range map[string]struct {
		list  string
		known bool
	}{
		"it is the newest":             {entry(shaA, "gift", newest) + "," + entry(shaB, "gift", older), true},
		"it went, and is back unheard": {entry(shaB, "gift", newest) + "," + entry(shaA, "gift", older), false},
		"of another branch":            {entry(shaA, "elsewhere", newest), false},
		"it says no time":              {`{"after":"` + shaA + `","ref":"refs/heads/gift"}`, false},
		"it remembers nothing":         {"", false},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.on("GET /repos/acme/shop/activity", 200, "["+c.list+"]")
			at, by, known, err := w.client(t).PushedAt(ctx, shop, "gift", shaA)
			if err != nil || known != c.known || known && (by != "bob" || !at.Equal(time.Date(2026, 10, 5, 10, 0, 0, 0, time.UTC))) {
				t.Errorf("%v, %q, %v, %v", at, by, known, err)
			}
			if q := url.Values(w.calls[0].Query); q.Get("ref") != "refs/heads/gift" || q.Get("direction") != "desc" || q.Get("per_page") != "1" {
				t.Errorf("asked %v", q)
			}
		})
	}
}
