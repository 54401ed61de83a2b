package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/config"
	"github.com/roundtrip-bot/roundtrip/bot/engine"
	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
	"github.com/roundtrip-bot/roundtrip/bot/playground/gallery"
	"github.com/roundtrip-bot/roundtrip/bot/playground/story"
	"github.com/roundtrip-bot/roundtrip/bot/store"
)

// TestGalleryOverTheWire sends every item of the gallery to the pretend GitHub
// and Slack by the performers of serve: what stories tell, and what is so rare
// that none does. With ROUNDTRIP_RECORD set to a folder, what went over the
// wire is written there for the contract checks.
func TestGalleryOverTheWire(t *testing.T) {
	t.Parallel()
	p := newMailer(t)
	sent, last := map[string]int{}, ""
	for _, item := range galleryItems(t) {
		if item.Group == gallery.Pages {
			continue
		}
		if err := p.send(t.Context(), item.Effect); err != nil {
			t.Errorf("%s (%s, after: %s): %v", item.Name, item.Story, item.After, err)
		}
		if item.Group == gallery.Comments {
			last = item.Text()
		}
		sent[item.Group]++
	}
	c := must[fakegithub.ChangeView](t)(p.w.GitHub.Change(playground.Repo, p.change.Number))
	asked := p.w.GitHub.Requests()
	for what, n := range map[string][2]int{
		"comments":              {len(c.Comments), sent[gallery.Comments]},
		"checks":                {asked["POST /repos/{owner}/{repo}/check-runs"], sent[gallery.Checks]},
		"messages and whispers": {len(p.w.Slack.Posted()), sent[gallery.Messages] + sent[gallery.Whispers] + 1},
		"states of deployments": {asked["POST /repos/{owner}/{repo}/deployments/{deployment_id}/statuses"], sent[gallery.Deployments]},
	} {
		if n[0] != n[1] || n[1] < 5 {
			t.Errorf("%s: %d arrived, %d were sent", what, n[0], n[1])
		}
	}
	if got := c.Comments[len(c.Comments)-1].Body; last == "" || !strings.HasPrefix(strings.TrimSpace(got), strings.TrimSpace(last)) {
		t.Errorf("the last comment is %q, not %q", got, last)
	}
}

// mailer is a world and the performers that write to it, without the engine
// between.
type mailer struct {
	w          *playground.World
	performers map[string]engine.Performer
	change     bot.ChangeRef
	head       bot.SHA
	n          int // effects that were sent
}

// above is the place of the one message under which replies are sent.
const above = "the message above"

func newMailer(t *testing.T) *mailer {
	t.Helper()
	w := must[*playground.World](t)(playground.New(t.Context(), playground.Options{Clock: playground.NewClock(story.Began)}))
	t.Cleanup(w.Close)
	if around := recording("gallery"); around != nil {
		after := must[func() error](t)(around(w))
		t.Cleanup(func() {
			if err := after(); err != nil {
				t.Error(err)
			}
		})
	}
	w.SetBot(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	if err := w.Found(playground.StoryFile); err != nil {
		t.Fatal(err)
	}
	n := must[int](t)(w.OpenChange(fakegithub.NewChange{Author: "alice", Title: "Add gift wrapping"}, playground.Size{Added: 14}))
	c := must[fakegithub.ChangeView](t)(w.GitHub.Change(playground.Repo, n))
	p := &mailer{w: w, performers: map[string]engine.Performer{}, change: bot.ChangeRef{Repo: repoIn(t, w), Number: n}, head: bot.SHA(c.Head)}
	s := must[config.Server](t)(settingsFor(w, "sqlite:"+filepath.Join(t.TempDir(), "post.db")))
	db := must[*store.Store](t)(store.Open(t.Context(), s.Database.Reveal(), store.Options{Clock: w.Now}))
	t.Cleanup(func() { _ = db.Close() })
	for _, lane := range must[outside](t)(adapters(s, db, around{clock: w.Now}, newMeters(db, nil))).lanes() {
		for _, f := range lane.Performers {
			p.performers[f.Kind()] = f
		}
	}
	if _, err := p.performers["message"].Perform(t.Context(), bot.Job{Attempt: 1, Effect: bot.KeepMessage{Channel: "#shop", Place: above, Text: "Replies are about this"}}); err != nil {
		t.Fatal(err)
	}
	return p
}

// repoIn is the world's repository by its numbers, as webhooks name it.
func repoIn(t *testing.T, w *playground.World) bot.RepoRef {
	t.Helper()
	list := w.GitHub.Deliveries()
	var said struct {
		Installation, Repository struct {
			ID int64 `json:"id"`
		}
	}
	if err := json.Unmarshal(list[len(list)-1].Body, &said); err != nil {
		t.Fatal(err)
	}
	return bot.RepoRef{Installation: said.Installation.ID, ID: said.Repository.ID, Name: playground.Repo}
}

// send performs an effect on what is there in this world, each in a place of
// its own.
func (p *mailer) send(ctx context.Context, e bot.Effect) error {
	p.n++
	place := fmt.Sprintf("place-%d", p.n)
	switch was := e.(type) {
	case bot.SetCheck:
		was.Repo, was.SHA, was.Name = p.change.Repo, p.head, was.Name+" "+place
		e = was
	case bot.KeepComment:
		was.Ref, was.Place = p.change, place
		e = was
	case bot.MirrorRollout:
		was.Repo, was.SHA, was.Rollout, was.Deployment, was.At = p.change.Repo, p.head, place, 0, p.w.Now()
		e = was
	case bot.KeepMessage:
		if was.Thread != "" {
			was.Thread = above
		}
		was.Repo, was.Channel, was.Place = p.change.Repo, "#shop", place
		e = was
	case bot.Whisper:
		asked, err := p.w.Say(ctx, "alice", "shop", "/roundtrip status")
		if err != nil {
			return err
		}
		was.Command, was.URL = place, p.w.URL+"/stand-in/slack/response/"+asked.ID
		e = was
	}
	_, err := p.performers[e.Kind()].Perform(ctx, bot.Job{Effect: e, Attempt: 1})
	return err
}
