package fakegithub_test

import (
	"bytes"
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/google/go-github/v60/github"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
)

func TestFailedDeliveriesStayFailed(t *testing.T) {
	w := newWorld(t)
	w.OpenIssue(shop, "ann", "x", "")
	w.answerAs = http.StatusInternalServerError
	if sent, err := w.Deliver(w.ctx); sent != 0 || err == nil {
		t.Fatalf("sent %d, %v", sent, err)
	}
	w.answerAs = http.StatusAccepted
	if sent, err := w.Deliver(w.ctx); sent != 0 || err != nil {
		t.Errorf("a failed one was sent again: %d, %v", sent, err)
	}
	d := w.Deliveries()[0]
	if d.State != fakegithub.Failed || d.Status != 500 {
		t.Errorf("it is kept as %+v", d)
	}
	list, _, err := w.as(w.jwt(nil)).Apps.ListHookDeliveries(w.ctx, nil)
	w.must(err)
	if len(list) != 1 || list[0].GetGUID() != d.ID || list[0].GetStatusCode() != 500 || list[0].GetRedelivery() {
		t.Errorf("the app is told %v", list)
	}
	w.must(w.Redeliver(w.ctx, d.ID))
	if len(w.got) != 2 || w.got[0].header.Get("X-GitHub-Delivery") != w.got[1].header.Get("X-GitHub-Delivery") || !bytes.Equal(w.got[0].body, w.got[1].body) {
		t.Errorf("delivered again: %v", w.got)
	}
	if d := w.Deliveries()[0]; d.State != fakegithub.Delivered || d.Tries != 2 {
		t.Errorf("then it is %+v", d)
	}
}

func TestTheAppAsksForARedelivery(t *testing.T) {
	w := newWorld(t)
	w.OpenIssue(shop, "ann", "x", "")
	w.answerAs = http.StatusBadGateway
	_, _ = w.Deliver(w.ctx)
	w.answerAs = http.StatusOK
	app := w.as(w.jwt(nil))
	list, _, err := app.Apps.ListHookDeliveries(w.ctx, nil)
	w.must(err)
	if _, body := w.call("POST", w.jwt(nil), "/app/hook/deliveries/700001/attempts", ""); body != "{}" {
		t.Errorf("asked again: %s", body)
	}
	if got := w.deliver(); len(got) != 1 || got[0].header.Get("X-GitHub-Delivery") != list[0].GetGUID() {
		t.Errorf("got %v", got)
	}
	list, _, err = app.Apps.ListHookDeliveries(w.ctx, nil)
	w.must(err)
	if len(list) != 2 || !list[0].GetRedelivery() || list[0].GetStatusCode() != 200 || list[1].GetRedelivery() {
		t.Errorf("the app is told %v", list)
	}
}

func TestOutOfOrder(t *testing.T) {
	w := newWorld(t)
	w.open("ann")
	if p := w.Pending(); len(p) != 2 || p[1].Event != "pull_request" || p[1].Action != "opened" || p[1].Repo != shop {
		t.Fatalf("waiting: %+v", p)
	}
	w.must(w.DeliverOne(w.ctx, 1))
	if len(w.Pending()) != 1 || w.DropHooks() != 1 || len(w.Pending()) != 0 {
		t.Error("one was sent and one dropped, yet some wait")
	}
	if err := w.DeliverOne(w.ctx, 0); err == nil {
		t.Error("delivered what does not wait")
	}
	if got := names(w.got); got != "pull_request.opened" {
		t.Errorf("sent %q", got)
	}
}

func TestRun(t *testing.T) {
	w := newWorld(t)
	ctx, stop := context.WithCancel(w.ctx)
	ended := make(chan struct{})
	go func() { w.Run(ctx); close(ended) }()
	w.HoldHooks(true)
	w.OpenIssue(shop, "ann", "x", "")
	w.HoldHooks(false)
	for deadline := time.Now().Add(5 * time.Second); len(w.Pending()) > 0 && time.Now().Before(deadline); {
		time.Sleep(time.Millisecond)
	}
	stop()
	<-ended
	if d := w.Deliveries(); d[0].Tries != 1 {
		t.Errorf("kept as %+v", d)
	}
}

func TestRenamed(t *testing.T) {
	w := newWorld(t)
	w.must(w.Rename(shop, "acme/store", "ann"))
	if resp, body := w.get(w.cached, "/repos/acme/shop/branches/main"); resp.StatusCode != 200 || resp.Request.URL.Path != "/repositories/1001/branches/main" {
		t.Errorf("by the old name: %d %s", resp.StatusCode, body)
	}
	if resp, body := w.get(w.cached, "/repos/acme/store"); resp.StatusCode != 200 || !bytes.Contains([]byte(body), []byte(`"id":1001`)) {
		t.Errorf("by the new name: %d %s", resp.StatusCode, body)
	}
	if err := w.Rename("acme/store", "evil/store", "ann"); err == nil {
		t.Error("it went to another owner")
	}
	w.must(second(w.Push("acme/store", "old", "ann", "Old", map[string]string{"x": "1\n"})))
	w.must(w.DeleteBranch("acme/store", "old", "ann"))
	if got := names(w.deliver()); got != "repository.renamed push push" || w.Branch("acme/store", "old") != "" {
		t.Errorf("sent %q", got)
	}
}

// TestTheListOfDeliveries: newest first, in pages that stay what they are when
// more comes, and of all that was tried: what met nobody is there, though it
// is no failure by GitHub's filter.
func TestTheListOfDeliveries(t *testing.T) {
	w := newWorld(t)
	w.SetRough(fakegithub.Rough{Lose: 100})
	w.OpenIssue(shop, "ann", "lost", "")
	_, _ = w.Deliver(w.ctx)
	w.SetRough(fakegithub.Rough{})
	w.OpenIssue(shop, "ann", "x", "")
	_, _ = w.Deliver(w.ctx)
	app := w.as(w.jwt(nil))
	page, resp, err := app.Apps.ListHookDeliveries(w.ctx, &github.ListCursorOptions{PerPage: 1})
	w.must(err)
	if len(page) != 1 || page[0].GetStatus() != "OK" || resp.Cursor == "" {
		t.Fatalf("first %v, then %q", page, resp.Cursor)
	}
	w.OpenIssue(shop, "ann", "y", "")
	_, _ = w.Deliver(w.ctx)
	page, resp, err = app.Apps.ListHookDeliveries(w.ctx, &github.ListCursorOptions{PerPage: 1, Cursor: resp.Cursor})
	w.must(err)
	if len(page) != 1 || page[0].GetStatusCode() != 0 || page[0].GetGUID() != w.Deliveries()[0].ID || resp.Cursor != "" {
		t.Errorf("then %v, then %q", page, resp.Cursor)
	}
	if _, body := w.get(w.jwt(nil), "/app/hook/deliveries?status=failure"); body != "[]" {
		t.Errorf("failures: %s", body)
	}
}
