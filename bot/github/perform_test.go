package github_test

import (
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/roundtrip-bot/roundtrip/bot"
)

var verdict = bot.SetCheck{
	Repo: shop, SHA: shaA, Name: "roundtrip / batch", Status: bot.Completed, Conclusion: bot.Success,
	Title: "3 lines", Summary: "Small.", URL: "https://rt.example.com/c/12",
}

func TestACheckIsOneWriteAtFirst(t *testing.T) {
	w := newWorld(t)
	w.on("POST /repos/acme/shop/check-runs", 201, `{"id":900,"html_url":"https://github.example.com/r/900"}`)
	r, err := perform(t, w.client(t), bot.Job{Effect: verdict})
	noErr(t, err)
	if want := (bot.Receipt{ID: "900", More: "completed", URL: "https://github.example.com/r/900"}); r != want {
		t.Errorf("receipt %+v, want %+v", r, want)
	}
	if len(w.calls) != 1 || strings.Contains(w.calls[0].Accept, "preview") {
		t.Fatalf("%d calls: %v", len(w.calls), w.calls)
	}
	body := w.calls[0].json(t)
	id, _ := body["external_id"].(string)
	delete(body, "external_id")
	want := map[string]any{
		"name": "roundtrip / batch", "head_sha": shaA, "status": "completed", "conclusion": "success",
		"details_url": "https://rt.example.com/c/12", "output": map[string]any{"title": "3 lines", "summary": "Small."},
	}
	if !reflect.DeepEqual(body, want) || len(id) != 40 {
		t.Errorf("sent %v with external id %q", body, id)
	}
}

func TestACheckInProgressHasNoConclusion(t *testing.T) {
	w := newWorld(t)
	w.on("POST /repos/acme/shop/check-runs", 201, `{"id":900}`)
	e := verdict
	e.Status, e.Summary, e.Title = bot.InProgress, strings.Repeat("a line of words\n", 5000), ""
	_, err := perform(t, w.client(t), bot.Job{Effect: e})
	noErr(t, err)
	body := w.calls[0].json(t)
	out := body["output"].(map[string]any)
	if _, has := body["conclusion"]; has || out["title"] != e.Name || len(out["summary"].(string)) > 65535 {
		t.Errorf("conclusion %v, title %v, %d bytes of summary", body["conclusion"], out["title"], len(out["summary"].(string)))
	}
}

func TestACheckThatIsKnownIsUpdated(t *testing.T) {
	w := newWorld(t)
	w.on("PATCH /repos/acme/shop/check-runs/900", 200, `{"id":900}`)
	r, err := perform(t, w.client(t), bot.Job{Effect: verdict, Last: bot.Receipt{ID: "900", More: bot.InProgress}})
	noErr(t, err)
	if r.ID != "900" || r.More != bot.Completed || len(w.calls) != 1 {
		t.Errorf("receipt %+v after %v", r, w.calls)
	}
}

func TestACompletedCheckOpensAgainAsANewRun(t *testing.T) {
	w := newWorld(t)
	w.on("POST /repos/acme/shop/check-runs", 201, `{"id":901}`)
	e := verdict
	e.Status = bot.InProgress
	r, err := perform(t, w.client(t), bot.Job{Effect: e, Last: bot.Receipt{ID: "900", More: bot.Completed}})
	noErr(t, err)
	if r.ID != "901" || len(w.writes()) != 1 {
		t.Errorf("receipt %+v after %v", r, w.calls)
	}
}

func TestACheckThatGitHubDoesNotChangeIsMadeAnew(t *testing.T) {
	for _, kept := range []string{`{"id":900,"status":"completed","conclusion":"failure"}`, `{"id":900,"status":"in_progress"}`} {
		w := newWorld(t)
		w.on("PATCH /repos/acme/shop/check-runs/900", 200, kept)
		w.on("POST /repos/acme/shop/check-runs", 201, `{"id":901,"status":"completed","conclusion":"success"}`)
		r, err := perform(t, w.client(t), bot.Job{Effect: verdict, Last: bot.Receipt{ID: "900", More: bot.Completed}})
		if err != nil || r.ID != "901" {
			t.Errorf("after %s: receipt %+v, error %v", kept, r, err)
		}
	}
}

// The first attempt was cut off after GitHub had made the run.
func TestALaterAttemptLooksFirst(t *testing.T) {
	w := newWorld(t)
	var external string
	w.HandleFunc("POST /repos/acme/shop/check-runs", func(rw http.ResponseWriter, _ *http.Request) { answer(rw, 502, `{}`) })
	c := w.client(t)
	if _, err := perform(t, c, bot.Job{Effect: verdict}); err == nil {
		t.Fatal("a 502 counts as done")
	}
	external = w.calls[0].json(t)["external_id"].(string)
	mine := `"name":"roundtrip / batch","status":"in_progress"`
	w.on("GET /repos/acme/shop/commits/"+shaA+"/check-runs", 200, fmt.Sprintf(`{"total_count":4,"check_runs":[
	  {"id":1,%[1]s,"external_id":"%[2]s","app":{"id":99}}, {"id":2,%[1]s,"external_id":"other","app":{"id":7}},
	  {"id":900,%[1]s,"external_id":"%[2]s","app":{"id":7}}, {"id":3,"name":"x","external_id":"%[2]s","app":{"id":7}}]}`, mine, external))
	w.on("PATCH /repos/acme/shop/check-runs/900", 200, `{"id":900}`)
	r, err := perform(t, c, bot.Job{Effect: verdict, Attempt: 2})
	noErr(t, err)
	if r.ID != "900" || len(w.writes()) != 2 {
		t.Errorf("receipt %+v after %v", r, w.calls)
	}
}

func TestACheckThatIsGoneIsMadeAnew(t *testing.T) {
	w := newWorld(t)
	w.on("PATCH /repos/acme/shop/check-runs/900", 404, `{"message":"Not Found"}`)
	w.on("POST /repos/acme/shop/check-runs", 201, `{"id":901}`)
	r, err := perform(t, w.client(t), bot.Job{Effect: verdict, Last: bot.Receipt{ID: "900"}})
	if err != nil || r.ID != "901" {
		t.Errorf("%+v, %v", r, err)
	}
}

var comment = bot.KeepComment{Ref: change, Place: "rollout/shop", Body: "Bringing shop to canary"}

// written is the body that our client writes for a comment.
func written(t *testing.T, e bot.KeepComment) string {
	t.Helper()
	w := newWorld(t)
	w.on("GET /repos/acme/shop/issues/{n}/comments", 200, `[]`)
	w.on("POST /repos/acme/shop/issues/{n}/comments", 201, `{"id":1}`)
	_, err := perform(t, w.client(t), bot.Job{Effect: e})
	noErr(t, err)
	return w.writes()[0].json(t)["body"].(string)
}

func listed(id int, login, body string) string {
	return fmt.Sprintf(`{"id":%d,"user":{"login":%q},"body":%q}`, id, login, body)
}

func TestACommentIsFoundByItsMarkOnAnyPage(t *testing.T) {
	other := comment
	other.Body = "Watching"
	w := newWorld(t)
	w.lists("GET /repos/acme/shop/issues/12/comments", "["+listed(1, "alice", "hello")+"]", "["+listed(77, self, written(t, other))+"]")
	w.on("PATCH /repos/acme/shop/issues/comments/77", 200, `{"id":77}`)
	r, err := perform(t, w.client(t), bot.Job{Effect: comment})
	noErr(t, err)
	if r.ID != "77" || w.writes()[0].json(t)["body"] != written(t, comment) {
		t.Errorf("receipt %+v, wrote %v", r, w.writes())
	}
}

func TestAnEqualCommentIsNotWritten(t *testing.T) {
	w := newWorld(t)
	w.lists("GET /repos/acme/shop/issues/12/comments", "["+listed(77, self, strings.ReplaceAll(written(t, comment), "\n", "\r\n"))+"]")
	r, err := perform(t, w.client(t), bot.Job{Effect: comment})
	if err != nil || r.ID != "77" || len(w.writes()) != 0 {
		t.Errorf("receipt %+v, error %v, wrote %v", r, err, w.writes())
	}
}

func TestForgedMarksAreNotAdopted(t *testing.T) {
	genuine := written(t, comment)
	elsewhere, place := comment, comment
	elsewhere.Ref.Number, place.Place = 13, "rollout/other"
	mark := genuine[strings.LastIndex(genuine, "\n")+1:]
	forged := map[string]string{
		"copied by somebody":          listed(1, "mallory", genuine),
		"copied by another app":       listed(2, "roundtrip-test2[bot]", genuine),
		"ours, of another change":     listed(3, self, written(t, elsewhere)),
		"ours, of another place":      listed(4, self, written(t, place)),
		"ours, quoted in a title":     listed(5, self, "Bringing `"+mark+"`\n\n"+mark+"\n\n<!-- roundtrip 00 -->"),
		"ours, with a mark of no key": listed(6, self, strings.Replace(genuine, mark, "<!-- roundtrip "+strings.Repeat("0", 40)+" -->", 1)),
		"ours, without any mark":      listed(7, self, "hello"),
	}
	for name, c := range forged {
		w := newWorld(t)
		w.lists("GET /repos/acme/shop/issues/12/comments", "["+c+"]")
		w.on("POST /repos/acme/shop/issues/12/comments", 201, `{"id":500}`)
		if r, err := perform(t, w.client(t), bot.Job{Effect: comment}); err != nil || r.ID != "500" {
			t.Errorf("%s: receipt %+v, error %v", name, r, err)
		}
	}
}

func TestADeletedCommentIsLookedForAndMadeAnew(t *testing.T) {
	w := newWorld(t)
	w.on("PATCH /repos/acme/shop/issues/comments/77", 404, `{}`)
	w.on("GET /repos/acme/shop/issues/12/comments", 200, `[]`)
	w.on("POST /repos/acme/shop/issues/12/comments", 201, `{"id":78}`)
	if r, err := perform(t, w.client(t), bot.Job{Effect: comment, Last: bot.Receipt{ID: "77"}}); err != nil || r.ID != "78" {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestALongCommentIsCutAtALineAndKeepsItsMark(t *testing.T) {
	long := comment
	long.Body = "```\n" + strings.Repeat("äöü a line that is whole\n", 4000)
	body := written(t, long)
	lines := strings.Split(body, "\n")
	if n := utf8.RuneCountInString(body); n > 60_100 || !strings.HasPrefix(lines[len(lines)-1], "<!-- roundtrip ") {
		t.Errorf("%d characters, ends in %q", n, lines[len(lines)-1])
	}
	if !strings.Contains(body, "\näöü a line that is whole\n```\n\n*This was cut here") {
		t.Errorf("cut like this: %q", body[len(body)-200:])
	}
}

func TestReaction(t *testing.T) {
	w := newWorld(t)
	w.on("POST /repos/acme/shop/issues/comments/5/reactions", 200, `{"id":3,"content":"eyes"}`)
	r, err := perform(t, w.client(t), bot.Job{Effect: bot.React{Repo: shop, Comment: 5, Reaction: bot.Eyes}})
	if err != nil || r.ID != "3" || w.calls[0].Body != "{\"content\":\"eyes\"}\n" {
		t.Errorf("%+v, %v after %v", r, err, w.calls)
	}
}

func TestACommentThatNobodyMayWriteIsPermanent(t *testing.T) {
	for _, status := range []int{403, 404, 410, 422} {
		w := newWorld(t)
		w.on("GET /repos/acme/shop/issues/12/comments", 200, `[]`)
		w.on("POST /repos/acme/shop/issues/12/comments", status, `{"message":"no"}`)
		_, err := perform(t, w.client(t), bot.Job{Effect: comment})
		if permanent := new(bot.Permanent); !errors.As(err, permanent) {
			t.Errorf("%d: %v", status, err)
		}
	}
}
