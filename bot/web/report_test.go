package web

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/flow"
)

// busy is a shop with a few weeks behind it.
func busy(t *testing.T) *shelf {
	t.Helper()
	s := world(t)
	s.at = time.Date(2026, 10, 14, 9, 0, 0, 0, time.UTC)
	for week := range 5 {
		for i := range week + 1 {
			n, at := 10*week+i, time.Date(2026, 9, 8+7*week, 9+i, 0, 0, 0, time.UTC)
			sha := bot.SHA(strings.Repeat(string(rune('a'+i)), 38) + string(rune('0'+week)) + "0")
			s.facts = append(s.facts,
				bot.NewFact("change.merged", shop, "", at.Add(-time.Hour), flow.Merged{Number: n + 1, Lines: 10 + 9*i, At: at.Add(-time.Hour)}),
				bot.NewFact("release.live", shop, "", at, flow.Deployment{
					Rollout: itoa(n), Service: "shop", Environment: "production", SHA: sha, Kind: flow.Deploy, Live: at, Complete: at,
					Ships: []flow.Shipped{{SHA: sha, Number: n + 1, Kind: "human", Authored: at.Add(-5 * time.Hour), First: at.Add(-time.Duration(5+week) * time.Hour)}},
				}))
		}
	}
	return s
}

func TestReport(t *testing.T) {
	s := busy(t)
	html := see(t, s, "/report/acme/shop?week=2026-W41").Body.String()
	for _, want := range []string{"Week 2026-W41", "week=2026-W40", "week=2026-W42", "5 deployments", "format=csv", "format=json", "svg class=\"spark\""} {
		if !strings.Contains(html, want) {
			t.Errorf("the report does not say %q", want)
		}
	}
	golden(t, "report.html", html)
}

// The forms of a report hold the same numbers.
func TestReportToTakeAway(t *testing.T) {
	s := busy(t)
	csv := see(t, s, "/report/ACME/Shop?week=2026-W41&format=csv")
	if !strings.HasPrefix(csv.Header().Get("Content-Type"), "text/csv") || !strings.Contains(csv.Body.String(), "deployment_frequency") {
		t.Errorf("%v: %s", csv.Header(), csv.Body)
	}
	var r flow.Report
	if w := see(t, s, "/report/acme/shop?week=2026-W41&format=json"); json.Unmarshal(w.Body.Bytes(), &r) != nil || r.Result("deployment_frequency").N != 5 {
		t.Errorf("%v: %s", w.Header(), w.Body)
	}
}

func TestReportAsAsked(t *testing.T) {
	s := busy(t)
	for q, want := range map[string]string{
		"":                              "Week 2026-W41",
		"?week=2026-W42":                "the newest",
		"?zone=Europe/Berlin":           "zone=Europe%2FBerlin",
		"?environment=&service=shop":    "shop in all environments",
		"?week=2026-W41&service=nobody": "nobody in production",
	} {
		if w := see(t, s, "/report/acme/shop"+q); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%q does not say %q:\n%s", q, want, w.Body)
		}
	}
	for _, q := range []string{"?week=2026-W54", "?week=x", "?zone=Mars", "?format=pdf"} {
		if w := see(t, s, "/report/acme/shop"+q); w.Code != http.StatusBadRequest {
			t.Errorf("%q: status %d", q, w.Code)
		}
	}
	if w := see(t, s, "/report/acme/shop?week=2026-W43"); w.Code != http.StatusBadRequest || !strings.Contains(w.Body.String(), "2026-W43 has not begun yet") {
		t.Errorf("a week to come: status %d: %s", w.Code, w.Body)
	}
	if w := see(t, s, "/report/acme/other"); w.Code != http.StatusNotFound {
		t.Errorf("a repository that is not known: status %d", w.Code)
	}
}

// The report opens on the last full week, and leads to this one once something
// happened in it.
func TestTheReportLeadsToThisWeek(t *testing.T) {
	s := busy(t)
	const line = "This week so far: "
	if html := see(t, s, "/report/acme/shop").Body.String(); strings.Contains(html, line) {
		t.Errorf("a quiet week is said: %s", html)
	}
	s.at = time.Date(2026, 10, 8, 9, 0, 0, 0, time.UTC) // in the week of five deployments
	for query, want := range map[string]string{"": line + "5 deployments", "?week=2026-W40": line, "?week=2026-W39": "", "?week=2026-W41": ""} {
		html := see(t, s, "/report/acme/shop"+query).Body.String()
		if strings.Contains(html, line) != (want != "") || !strings.Contains(html, want) {
			t.Errorf("%q does not say %q: %s", query, want, html)
		}
		if want != "" && !strings.Contains(html, `week=2026-W41">Look at it</a>`) {
			t.Errorf("%q does not lead there: %s", query, html)
		}
	}
}

// Unless the address names one, a report is about the environment that the
// pipeline leads to.
func TestAReportIsAboutWhereThePipelineEnds(t *testing.T) {
	s := world(t)
	s.at = time.Date(2026, 10, 14, 9, 0, 0, 0, time.UTC)
	for i, environment := range []string{"live", "staging"} {
		at := time.Date(2026, 10, 6, 9+i, 0, 0, 0, time.UTC)
		s.facts = append(s.facts, bot.NewFact("release.live", shop, "", at, flow.Deployment{
			Rollout: itoa(i), Service: "shop", Environment: environment, Goal: "live", SHA: older, Kind: flow.Deploy, Live: at, Complete: at,
		}))
	}
	for query, want := range map[string]string{"": "live", "&environment=staging": "staging", "&environment=": ""} {
		var r flow.Report
		if err := json.Unmarshal(see(t, s, "/report/acme/shop?week=2026-W41&format=json"+query).Body.Bytes(), &r); err != nil || r.Period.Environment != want {
			t.Errorf("%q is about %q, want %q: %v", query, r.Period.Environment, want, err)
		}
	}
}
