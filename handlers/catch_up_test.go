package handlers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// post is a GitHub that lists what it sent, in pages of three, and a store that
// knows what was heard.
type post struct {
	*desk
	t     *testing.T
	sent  []bot.Sent // the newest first
	known map[string]bool
	heard []string // in order
	gone  map[int64]bool
	err   error // of a list
	ferr  error // of what is fetched
	lists int
	polls bool
	wait  time.Duration // until the next turn, where that is not now
	turn  bot.CatchUpDue
	wakes []bot.Timer
}

func newPost(t *testing.T) *post {
	return &post{desk: newDesk(), t: t, known: map[string]bool{}, gone: map[int64]bool{}}
}

// sends one more, so long after the first moment.
func (p *post) sends(after time.Duration, guid string, accepted bool) {
	p.sent = slices.Insert(p.sent, 0, bot.Sent{ID: int64(len(p.sent) + 1), GUID: guid, Event: "push", At: teaTime.Add(after), Accepted: accepted})
}

func (p *post) Known(_ context.Context, ids []string) (map[string]bool, error) {
	if len(ids) > 1000 {
		return nil, errors.New("too many at once")
	}
	return p.known, nil
}

func (p *post) Sent(_ context.Context, cursor string) ([]bot.Sent, string, error) {
	if p.lists++; p.err != nil {
		return nil, "", p.err
	}
	from := 0
	_, _ = fmt.Sscan(cursor, &from)
	to := min(len(p.sent), from+3)
	if to == len(p.sent) {
		return p.sent[from:to], "", nil
	}
	return p.sent[from:to], fmt.Sprint(to), nil
}

func (p *post) Fetch(_ context.Context, ids []int64) (letters []bot.Letter, err error) {
	for i, id := range ids {
		at := slices.IndexFunc(p.sent, func(s bot.Sent) bool { return s.ID == id })
		switch {
		case p.gone[id]:
			return letters, fmt.Errorf("GitHub has no body of it (%w)", bot.ErrNotFound)
		case p.ferr != nil:
			return letters, p.ferr
		case i == 5: // there is no more time
			return letters, nil
		}
		letters = append(letters, bot.Letter{ID: p.sent[at].LetterID(), Source: "github", Name: "push", Body: []byte("{}")})
	}
	return letters, nil
}

// look lets time for it come, and go on for as long as it goes on at once.
func (p *post) look(e bot.CatchUpDue) *post {
	p.t.Helper()
	h := p.handlers()
	h.Store, h.GitHub, h.Polls = p, p, p.polls
	at := teaTime
	p.wakes = nil
	for range 1000 {
		plan, err := h.catchUpDue(p.t.Context(), bot.Delivery[bot.CatchUpDue]{ID: "x", At: at, Event: e})
		if err != nil {
			p.t.Fatal(err)
		}
		p.keep(p.t, plan)
		for _, l := range plan.Letters {
			if !p.known[l.ID] {
				p.heard, p.known[l.ID] = append(p.heard, l.ID), true
			}
		}
		again := false
		for _, w := range plan.Timers {
			if e, on := w.Event.(bot.CatchUpDue); on && e.Turn > 0 {
				again, p.wait, p.turn = w.At.Equal(at), w.At.Sub(at), e
				continue
			}
			p.wakes = append(p.wakes, w)
		}
		if e = p.turn; !again {
			return p
		}
	}
	p.t.Fatal("it never ends")
	return p
}

func (p *post) doc() (d bot.CaughtUp) {
	p.t.Helper()
	if _, err := p.Doc(p.t.Context(), bot.CatchUpKey, &d); err != nil {
		p.t.Fatal(err)
	}
	return d
}

func (p *post) heardAre(want string) {
	p.t.Helper()
	if got := strings.ReplaceAll(strings.Join(p.heard, " "), "github/", ""); got != want {
		p.t.Errorf("heard %q, not %q", got, want)
	}
	p.heard = nil
}

// TestWhatWasMissedIsHeard: in the order in which it was sent, each once, and
// not what was answered or is known; the next look goes no further back than it
// must.
func TestWhatWasMissedIsHeard(t *testing.T) {
	p := newPost(t)
	p.sends(-73*time.Hour, "older", false)
	for i := range 12 {
		p.sends(time.Duration(i)*time.Minute, fmt.Sprint("m", i), i%3 == 0)
	}
	p.known["github/m1"] = true // answered too late
	p.sends(13*time.Minute, "m4", false)
	p.sends(14*time.Minute, "m5", true) // somebody redelivered it, and it was heard
	p.known["github/m5"] = true
	p.look(bot.CatchUpDue{Look: true}).heardAre("m2 m4 m7 m8 m10 m11")
	if d := p.doc(); d.Fetched != 6 || !d.Known.Equal(teaTime.Add(14*time.Minute)) || d.Sweep != nil || d.Trouble != "" {
		t.Errorf("it is known that %+v", d)
	}
	p.sends(15*time.Minute, "late", false)
	p.lists = 0
	p.look(bot.CatchUpDue{Look: true}).heardAre("late")
	if p.lists != 2 {
		t.Errorf("%d pages were read of what is known", p.lists)
	}
	if len(p.wakes) != 1 || p.wakes[0].ID != "catch-up/2026-03-09T17:00:00Z" || !p.wakes[0].At.Equal(teaTime.Add(time.Hour)) {
		t.Errorf("it wakes %+v", p.wakes)
	}
	p.look(bot.CatchUpDue{}).heardAre("")
	if len(p.wakes) > 0 {
		t.Errorf("news wake %+v", p.wakes)
	}
}

// TestWhoPollsTakesNoAnswerForOurs, and begins with what may still be done.
func TestWhoPollsTakesNoAnswerForOurs(t *testing.T) {
	p := newPost(t)
	p.polls = true
	p.sends(-16*time.Minute, "old", false)
	p.sends(-14*time.Minute, "a", true)
	p.sends(0, "b", false)
	p.look(bot.CatchUpDue{}).heardAre("a b")
}

// TestMoreThanFits: the oldest first, and the newest by a look of their own.
func TestMoreThanFits(t *testing.T) {
	p := newPost(t)
	var want []string
	for i := range mostWanted + 100 {
		guid := fmt.Sprint("m", i)
		p.sends(time.Duration(i)*time.Second, guid, false)
		want = append(want, guid)
	}
	p.look(bot.CatchUpDue{}).heardAre(strings.Join(want, " "))
}

// TestGitHubKeptNoBody: that one is given up where people look, the others are
// heard, and it is not asked for again.
func TestGitHubKeptNoBody(t *testing.T) {
	p := newPost(t)
	for i := range 4 {
		p.sends(time.Duration(i)*time.Second, fmt.Sprint("m", i), false)
	}
	p.gone[2] = true
	for range 2 {
		p.look(bot.CatchUpDue{Look: true})
	}
	p.heardAre("m0 missed/m1 m2 m3")
	if d := p.doc(); d.Missed != 1 || d.Fetched != 3 {
		t.Errorf("it is known that %+v", d)
	}
	if _, err := bot.OpenMissed(bot.Missed(p.sent[0], "GitHub kept no body of it")); err == nil || err.Error() != "GitHub kept no body of it" {
		t.Errorf("it is shown with %v", err)
	}
}

// TestGitHubDoesNotAnswer: it is asked again later, for as long as that takes,
// and goes on where it was; a slot of the next hour is there all the same.
func TestGitHubDoesNotAnswer(t *testing.T) {
	p := newPost(t)
	for i := range 30 {
		p.sends(time.Duration(i)*time.Second, fmt.Sprint("m", i), false)
	}
	p.err = bot.Away{Who: "GitHub", Err: errors.New("no route to host")}
	var waits []string
	for range 12 {
		waits = append(waits, p.look(bot.CatchUpDue{Look: true}).wait.String())
		if len(p.wakes) != 1 {
			t.Fatalf("it wakes %+v", p.wakes)
		}
	}
	if waits[0] != "10s" || waits[2] != "40s" || waits[11] != "15m0s" {
		t.Errorf("it waits %v", waits)
	}
	if d := p.doc(); d.Trouble != "no route to host" || d.Fails != 12 {
		t.Errorf("it says %q after %d tries", d.Trouble, d.Fails)
	}
	p.err = bot.RetryAfter{After: 7 * time.Minute, Err: p.err}
	if w := p.look(p.turn).wait; w != 7*time.Minute {
		t.Errorf("asked for 7 minutes, it waits %v", w)
	}
	p.err, p.ferr = nil, bot.Away{Err: errors.New("502")}
	for range 3 * fetchTries {
		p.look(p.turn)
	}
	if d := p.doc(); d.Missed != 0 || len(d.Sweep.Want) != 27 {
		t.Errorf("after an outage %d are given up and %d wanted", d.Missed, len(d.Sweep.Want))
	}
	p.ferr = nil
	p.look(p.turn)
	p.look(p.turn)
	if len(p.heard) != 30 || p.doc().Trouble != "" {
		t.Errorf("then %d are heard, and it says %q", len(p.heard), p.doc().Trouble)
	}
}

// TestOneCannotBeFetched: look after look it is wanted, and it is said why it
// is not there.
func TestOneCannotBeFetched(t *testing.T) {
	p := newPost(t)
	p.sends(0, "m", false)
	p.ferr = bot.Away{Err: errors.New("502")}
	p.look(bot.CatchUpDue{Look: true})
	for range 10 * fetchTries {
		p.look(p.turn)
	}
	if d := p.doc(); d.Missed != 0 || d.Trouble != "502" || !d.Ended.IsZero() || d.Known.After(teaTime) {
		t.Errorf("in an outage it is known that %+v", d)
	}
	p.sends(time.Second, "n", true)
	p.ferr = nil
	p.look(p.turn)
	p.look(p.turn).heardAre("m")
}

// TestNoLookReadsBackToWhatIsLeft: it is remembered, tried in each look and, once it can be
// had, heard; what came after it does not wait. One that came meanwhile is not asked for.
func TestNoLookReadsBackToWhatIsLeft(t *testing.T) {
	p := newPost(t)
	p.sends(0, "m", false)
	p.sends(time.Second, "n", false)
	p.ferr = bot.Away{Err: errors.New("502")}
	p.look(bot.CatchUpDue{Look: true})
	for range 2 * fetchTries {
		p.look(p.turn)
	}
	for i := range 60 {
		p.sends(time.Duration(i+1)*time.Hour, fmt.Sprint("o", i), true)
	}
	for range 2 * fetchTries {
		p.look(p.turn)
	}
	p.lists = 0
	for range 2 * fetchTries {
		p.look(p.turn)
	}
	if d := p.doc(); p.lists > 2*fetchTries || d.Waiting() != 2 || d.Trouble != "502" {
		t.Errorf("%d pages were read; it is known that %+v", p.lists, d)
	}
	p.known["github/n"], p.ferr = true, nil
	for range 2 {
		p.look(p.turn)
	}
	p.heardAre("m")
	if d := p.doc(); d.Waiting() != 0 || d.Trouble != "" {
		t.Errorf("it is known that %+v", d)
	}
}

// TestGitHubForgetsOneThatCannotBeFetched: before it does, that one is given up
// where people look.
func TestGitHubForgetsOneThatCannotBeFetched(t *testing.T) {
	p := newPost(t)
	p.ferr = bot.Away{Err: errors.New("502")}
	p.sends(-forgetsSoon-time.Minute, "old", false)
	p.look(bot.CatchUpDue{Look: true})
	for range fetchTries {
		p.look(p.turn)
	}
	p.heardAre("missed/old")
}

// TestTwoBeginWhileGitHubIsAway: one look goes on, and the turn that the other
// took from it changes nothing.
func TestTwoBeginWhileGitHubIsAway(t *testing.T) {
	p := newPost(t)
	p.sends(0, "m", false)
	p.err = bot.Away{Who: "GitHub", Err: errors.New("no route to host")}
	first := p.look(bot.CatchUpDue{Look: true}).turn
	second := p.look(bot.CatchUpDue{Look: true}).turn
	p.lists, p.wait = 0, 0
	if p.look(first); p.lists != 0 || p.wait != 0 || p.doc().Fails != 2 {
		t.Errorf("a turn that was taken reads %d pages and waits %v", p.lists, p.wait)
	}
	if p.look(second); p.lists != 1 || p.wait != 40*time.Second {
		t.Errorf("the turn reads %d pages and waits %v", p.lists, p.wait)
	}
	p.err = nil
	p.look(p.turn).heardAre("m")
	if p.doc().Turn != 0 {
		t.Errorf("it is known that %+v", p.doc())
	}
}

// TestAPlaceInTheListIsGone: it is read from its beginning.
func TestAPlaceInTheListIsGone(t *testing.T) {
	p := newPost(t)
	for i := range 60 {
		p.sends(time.Duration(i)*time.Second, fmt.Sprint("m", i), true)
	}
	p.sent[59].Accepted = false // more pages than one attempt reads
	h := p.handlers()
	h.Store, h.GitHub = p, p
	plan, err := h.catchUpDue(t.Context(), bot.Delivery[bot.CatchUpDue]{At: teaTime})
	if err != nil {
		t.Fatal(err)
	}
	p.keep(t, plan)
	if d := p.doc(); d.Sweep == nil || d.Sweep.Cursor == "" {
		t.Fatalf("it is known that %+v", d)
	}
	p.err = errors.New("422")
	if d := p.look(p.turn).doc(); d.Sweep == nil || d.Sweep.Cursor != "" || d.Sweep.Pages != 0 {
		t.Errorf("then it is known that %+v", d)
	}
	p.err, p.lists = nil, 0
	p.look(p.turn).heardAre("m0")
	if p.lists != 20 {
		t.Errorf("%d of 20 pages are read", p.lists)
	}
}

// TestAListTooLong is read to a bound; what lies beyond it is said for as long
// as GitHub could send it again, and no longer.
func TestAListTooLong(t *testing.T) {
	p := newPost(t)
	for i := range 3*mostPages + 1 {
		p.sends(time.Duration(i)*time.Second, fmt.Sprint("m", i), i > 0)
	}
	p.look(bot.CatchUpDue{Look: true}).heardAre("")
	want := "GitHub lists more than 100000 deliveries since 2026-03-06T16:50:00Z. Those before 2026-03-09T16:00:01Z were not looked through: redeliver what is missed from Recent deliveries on the app's page"
	if d := p.doc(); d.Unread != want || d.Trouble != "" || d.Missed != 0 || d.Sweep != nil {
		t.Errorf("it is known that %+v", d)
	}
	d := p.doc()
	d.UnreadAt = teaTime.Add(-keptFor)
	p.keep(t, bot.Plan{Docs: []bot.Doc{d}})
	if p.look(bot.CatchUpDue{Look: true}); p.doc().Unread != want {
		t.Error("it is forgotten too early")
	}
	d = p.doc()
	d.UnreadAt = teaTime.Add(-keptFor - time.Second)
	p.keep(t, bot.Plan{Docs: []bot.Doc{d}})
	if p.look(bot.CatchUpDue{Look: true}); p.doc().Unread != "" {
		t.Errorf("it is still said that %s", p.doc().Unread)
	}
}
