package handlers

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/github"
)

// listed asks the true client for the open changes.
type listed struct {
	*branch
	client *github.Client
}

func (l listed) OpenChanges(ctx context.Context, repo bot.RepoRef, base string, skip int) ([]bot.Change, error) {
	return l.client.OpenChanges(ctx, repo, base, skip)
}

// Main breaks, and GitHub takes long to list who was there before: those that it
// named wait for main, and their plan is saved.
func TestASlowListHoldsNobodyUp(t *testing.T) {
	front := httptest.NewServer(http.HandlerFunc(slowly))
	defer front.Close()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	client, err := github.New(github.Options{
		APIURL: front.URL, AppID: 7, MarkKey: []byte("mark key"), ListFor: 300 * time.Millisecond,
		PrivateKey: pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}),
	})
	if err != nil {
		t.Fatal(err)
	}
	o := newOffice(t)
	o.asks = func(h *Handlers) { h.GitHub = listed{o.branch, client} }
	o.one = o.engine("one", o.store, o.store)
	for _, n := range []int{7, 8} {
		o.changes[n] = openChange(n, teaSHA(n))
	}
	o.hears(bot.Pushed{Repo: tea, Branch: "main", After: teaSHA(1)}, o.unit(1, bot.Success), o.unit(1, bot.Failure))
	if !o.waits(7) || !o.waits(8) {
		t.Error("who was listed does not wait")
	}
}

// slowly is a GitHub that gives the first page of a list at once and takes long
// for each of the others.
func slowly(rw http.ResponseWriter, r *http.Request) {
	rw.Header().Set("Content-Type", "application/json")
	pull := func(n int) string {
		return fmt.Sprintf(`{"number":%d,"state":"open","user":{"login":"bob"},"head":{"ref":"topic","sha":"%s"},"base":{"ref":"main","sha":"%s","repo":{"id":9}}}`, n, teaSHA(n), teaSHA(1))
	}
	switch {
	case r.Method == http.MethodPost:
		rw.WriteHeader(http.StatusCreated)
		_, _ = fmt.Fprintf(rw, `{"token":"t","expires_at":%q}`, time.Now().Add(time.Hour).Format(time.RFC3339))
	case r.URL.Query().Get("page") != "":
		select { // so many seconds that no request is too long, and all together are
		case <-r.Context().Done():
			return
		case <-time.After(8 * time.Second):
		}
		fallthrough
	default:
		rw.Header().Set("Link", `<https://github.example/pulls?page=2>; rel="next"`)
		_, _ = fmt.Fprintf(rw, "[%s,%s]", pull(7), pull(8))
	}
}
