package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/playground/memory"
)

// boxes in which a comment failed and the start of a stage is in doubt, and a
// delivery was given up.
func boxes(t *testing.T) *memory.Store {
	t.Helper()
	s := memory.New(func() time.Time { return began })
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	take := func(id string) bot.Letter {
		_, err := s.Hear(t.Context(), bot.Letter{ID: id, Source: "github", Name: "push"})
		must(err)
		l, _, err := s.NextNew(t.Context())
		must(err)
		event := bot.JudgeDue{Ref: bot.ChangeRef{Repo: shop, Number: 12}}
		l.Kind, l.Event, err = bot.EncodeEvent(event)
		must(err)
		l.Subject, l.State = event.Subject(), bot.LetterReady
		must(s.Sort(t.Context(), l))
		l, _, err = s.ClaimLetter(t.Context(), "me", time.Minute)
		must(err)
		return l
	}
	must(s.Save(t.Context(), take("d1"), bot.Plan{Effects: []bot.Effect{
		bot.KeepComment{Ref: bot.ChangeRef{Repo: shop, Number: 12}, Place: "p"}, bot.StartStage{Order: bot.StageOrder{Key: "42/7/shop/production/4", Repo: shop}},
	}}, false))
	for _, end := range []string{bot.TaskFailed, bot.TaskDoubtful} {
		task, _, err := s.ClaimTask(t.Context(), "me", []string{"comment", "stage.start"}, time.Minute)
		must(err)
		if task.State = end; task.Order != (end == bot.TaskDoubtful) {
			task.State = map[bool]string{true: bot.TaskDoubtful, false: bot.TaskFailed}[task.Order]
		}
		must(s.FinishTask(t.Context(), task, nil))
	}
	must(s.FailLetter(t.Context(), take("d2"), "panic", nil))
	return s
}

// press sends a form as a browser does that shows our page, unless from says
// what it says of itself.
func press(t *testing.T, h http.Handler, form url.Values, from http.Header) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/deliveries", strings.NewReader(form.Encode()))
	r.Host = "localhost:8081"
	r.Header = http.Header{"Content-Type": {"application/x-www-form-urlencoded"}, "Sec-Fetch-Site": {"same-origin"}}
	for name, v := range from {
		r.Header[name] = v
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// buttons of the page as forms: what each would send.
func buttons(t *testing.T, s *memory.Store, p Presser) map[string]url.Values {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/deliveries", nil)
	r.Host = "localhost:8081"
	w := httptest.NewRecorder()
	Pages(s, "", p).ServeHTTP(w, r)
	all := map[string]url.Values{}
	for _, form := range regexp.MustCompile(`(?s)<form method="post" class="press">.*?</form>`).FindAllString(w.Body.String(), -1) {
		row := regexp.MustCompile(`name="row" value="([^"]*)"`).FindStringSubmatch(form)[1]
		for _, b := range regexp.MustCompile(`name="do" value="([^"]*)" aria-label="([^"]*)"`).FindAllStringSubmatch(form, -1) {
			all[b[2]] = url.Values{"row": {row}, "do": {b[1]}}
		}
	}
	return all
}

func pressFacts(t *testing.T, s *memory.Store) []bot.Fact {
	t.Helper()
	facts, err := s.Facts(t.Context(), bot.FactQuery{Kinds: []string{"operator.tried_again", "operator.decided"}})
	if err != nil {
		t.Fatal(err)
	}
	return facts
}

// TestEachButtonOnce: it does what it says, as a fact of its repository, and
// what it says is stale when it is pressed again.
func TestEachButtonOnce(t *testing.T) {
	s := boxes(t)
	all := buttons(t, s, s)
	if len(all) != 4 {
		t.Fatalf("the buttons are %v", all)
	}
	for i, b := range []struct{ label, want string }{
		{"Try again now: change.judge from github acme/shop", "It is tried again now."},
		{"Try again now: comment on acme/shop#12 comment 42/7#12/p", "It is tried again now."},
		{"It did not happen: start   in  stage.start 42/7/shop/production/4", "it did not take place"},
	} {
		w := press(t, Pages(s, "", s), all[b.label], nil)
		if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), b.want) {
			t.Errorf("%s: status %d: %s", b.label, w.Code, w.Body)
		}
		if w := press(t, Pages(s, "", s), all[b.label], nil); w.Code != http.StatusConflict || !strings.Contains(w.Body.String(), "Nothing was changed") {
			t.Errorf("%s, again: status %d: %s", b.label, w.Code, w.Body)
		}
		facts := pressFacts(t, s)
		if len(facts) != i+1 || facts[i].By != bot.Operator || facts[i].Repo.Key() != shop.Key() {
			t.Errorf("%s: the facts are %+v", b.label, facts)
		}
	}
	if w := press(t, Pages(s, "", s), all["It happened: start   in  stage.start 42/7/shop/production/4"], nil); w.Code != http.StatusConflict {
		t.Errorf("the other answer, afterwards: status %d", w.Code)
	}
	tasks, err := s.Tasks(t.Context(), "", 10)
	if err != nil || len(tasks) != 2 {
		t.Fatal(tasks, err)
	}
	for _, task := range tasks {
		if want := map[bool]string{true: bot.TaskDecided, false: bot.TaskWaiting}[task.Order]; task.State != want {
			t.Errorf("%s is %s, want %s", task.Kind, task.State, want)
		}
	}
}

// TestNobodyElsePresses: other sites, wrong words, and anybody where the
// settings do not say so.
func TestNobodyElsePresses(t *testing.T) {
	s := boxes(t)
	var good url.Values
	for _, good = range buttons(t, s, s) {
		break
	}
	if got := buttons(t, s, nil); len(got) > 0 {
		t.Errorf("there are buttons: %v", got)
	}
	for what, c := range map[string]struct {
		h    http.Handler
		form url.Values
		from http.Header
		want int
	}{
		"another site":            {Pages(s, "", s), good, http.Header{"Sec-Fetch-Site": {"cross-site"}}, http.StatusForbidden},
		"a site of the same name": {Pages(s, "", s), good, http.Header{"Sec-Fetch-Site": {"same-site"}}, http.StatusForbidden},
		"an origin":               {Pages(s, "", s), good, http.Header{"Sec-Fetch-Site": nil, "Origin": {"http://evil.example"}}, http.StatusForbidden},
		"no origin to be told":    {Pages(s, "", s), good, http.Header{"Sec-Fetch-Site": nil, "Origin": {"null"}}, http.StatusForbidden},
		"the settings":            {Pages(s, "", nil), good, nil, http.StatusForbidden},
		"no row":                  {Pages(s, "", s), url.Values{"do": {"again"}}, nil, http.StatusBadRequest},
		"no such button":          {Pages(s, "", s), url.Values{"row": good["row"], "do": {"drop"}}, nil, http.StatusBadRequest},
		"a row that never was":    {Pages(s, "", s), url.Values{"row": {"out 99 1 failed"}, "do": {"again"}}, nil, http.StatusConflict},
		"too much":                {Pages(s, "", s), url.Values{"row": good["row"], "do": good["do"], "more": {strings.Repeat("x", 5000)}}, nil, http.StatusBadRequest},
	} {
		if w := press(t, c.h, c.form, c.from); w.Code != c.want {
			t.Errorf("%s: status %d, want %d", what, w.Code, c.want)
		}
	}
	if facts := pressFacts(t, s); len(facts) > 0 {
		t.Errorf("something was done: %v", facts)
	}
	// Where the address is no secure one browsers send the origin alone.
	own := http.Header{"Sec-Fetch-Site": nil, "Origin": {"http://localhost:8081"}}
	if w := press(t, Pages(s, "", s), good, own); w.Code != http.StatusOK {
		t.Errorf("our own page: status %d: %s", w.Code, w.Body)
	}
}
