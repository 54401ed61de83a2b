package main

import (
	"context"
	"crypto/rand"
	"log/slog"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/config"
	"github.com/roundtrip-bot/roundtrip/bot/dial"
	"github.com/roundtrip-bot/roundtrip/bot/engine"
	"github.com/roundtrip-bot/roundtrip/bot/github"
	"github.com/roundtrip-bot/roundtrip/bot/slack"
	"github.com/roundtrip-bot/roundtrip/bot/store"
	"github.com/roundtrip-bot/roundtrip/bot/trace"
	"github.com/roundtrip-bot/roundtrip/bot/web"
	"github.com/roundtrip-bot/roundtrip/handlers"
)

// app is the bot, put together: here alone does everybody know everybody.
type app struct {
	owner  string // names this process in leases and when it asks for what it missed
	store  *store.Store
	engine *engine.Engine
	public http.Handler                              // hooks and health
	listen func(context.Context, *slog.Logger) error // to Slack over Socket Mode; nil without
	admin  http.Handler                              // metrics and profiles
	newest func(context.Context) (int64, error)      // delivery that GitHub lists; nil where webhooks reach us
	every  time.Duration                             // how often it is asked for
	// refused has room for one: that there is something to fetch soon.
	refused chan struct{}
	after   func(time.Duration) <-chan time.Time // as its clock goes
}

// database is what the bot asks of its database.
type database interface {
	engine.Store
	handlers.Store
	web.Reader
	web.Presser
	Ping(ctx context.Context) error
	Tally(ctx context.Context) ([]bot.Tally, error)
	Backlog(ctx context.Context) (bot.Backlog, error)
}

// around is what surrounds the bot and differs between a server and a story.
type around struct {
	clock func() time.Time // nil: the database's
	log   *slog.Logger
	watch func(bot.Task, bot.Effect)           // told of each effect that ended
	after func(time.Duration) <-chan time.Time // how the idle wait, where the clock is another; nil: as this machine's
	lease time.Duration                        // by the clock; 0: as in serve
	lanes func([]engine.Lane) []engine.Lane    // who performs instead; nil: those who do in serve
	over  http.RoundTripper                    // carries all requests, to a world in this process; nil: the network
	owner string                               // names this process; "": as in serve
	trace *trace.Tracer                        // tells a collector what is done; nil: nobody wants to know
	read  reading                              // of repositories' files, where several bots share what they remember
}

func (a around) reads(s config.Server) reading {
	if a.read != nil {
		return a.read
	}
	return remembered(reader(s))
}

// assemble opens the database and puts the bot together. Nothing runs yet.
func assemble(ctx context.Context, s config.Server, a around) (*app, error) {
	db, err := store.Open(ctx, s.Database.Reveal(), store.Options{Clock: a.clock})
	if err != nil {
		return nil, err
	}
	bot, err := connect(s, db, a)
	if err != nil {
		_ = db.Close() // the first error tells more
		return nil, err
	}
	bot.store = db
	return bot, nil
}

// pagesOf a server: with buttons where its settings say so.
func pagesOf(s config.Server, db database) http.Handler {
	if s.AdminActions {
		return web.Pages(db, hostIn(s.PagesURL), db)
	}
	return web.Pages(db, hostIn(s.PagesURL), nil)
}

// connect puts the bot together on a database.
func connect(s config.Server, db database, a around) (*app, error) {
	counted := newMeters(db, pagesOf(s, db))
	observers := []engine.Observer{counted.observe}
	if a.trace != nil {
		observers, counted.requests.also = append(observers, a.trace.Observe), a.trace.Watch
	}
	parts, err := adapters(s, db, a, counted)
	if err != nil {
		return nil, err
	}
	h := handlers.Handlers{
		Store: db, GitHub: parts.github, Stages: parts.stages, Production: parts.sources, Places: dial.NewPlaces(waitForOne, looksAtOnce),
		Read: a.reads(s), People: logins(s.People), Polls: s.GitHub.Polls(),
	}
	lanes := parts.lanes()
	if a.lanes != nil {
		lanes = a.lanes(lanes)
	}
	process := firstOf(a.owner, owner())
	e := engine.New(engine.Options{
		Store: db, Handlers: h.All(), Lanes: lanes, Observe: s.Observe, Keep: s.Keep, Owner: process, Log: a.log, Strike: striker(secretsOf(s)),
		After: a.after, Lease: a.lease,
		Openers: map[string]engine.Opener{
			"github": github.Open(s.GitHub.AppID), "slack": slack.Opener(s.Slack.APIURL), "ours": bot.OpenOurs, "missed": bot.OpenMissed,
		},
		Observers: observers,
		Watch:     func(t bot.Task, e bot.Effect) { counted.ended(t); watch(a.watch, t, e) },
	})
	made := &app{owner: process, engine: e, refused: make(chan struct{}, 1), after: time.After, admin: counted.handler()}
	if a.after != nil {
		made.after = a.after
	}
	if made.public, err = hooks(s, e, db, a.clock, counted.turnedAway.Inc, made.noteRefusal); err != nil {
		return nil, err
	}
	if s.GitHub.Polls() {
		made.newest, made.every = parts.github.Newest, s.GitHub.PollEvery
	}
	if !s.Slack.AppToken.IsZero() {
		made.listen = func(ctx context.Context, log *slog.Logger) error { return parts.slack.Listen(ctx, e.Hear, log) }
	}
	return made, nil
}

func watch(f func(bot.Task, bot.Effect), t bot.Task, e bot.Effect) {
	if f != nil {
		f(t, e)
	}
}

// hooks is what the world reaches us by.
func hooks(s config.Server, e *engine.Engine, db database, clock func() time.Time, turnedAway, refused func()) (http.Handler, error) {
	o := web.Options{Hear: e.Hear, CommandID: slack.CommandID, PressID: slack.PressID, Ready: db.Ping, TurnedAway: turnedAway, Refused: refused}
	verify, err := github.NewVerifier(hookSecrets(s))
	if err != nil {
		return nil, err
	}
	o.GitHub = verify
	if s.Slack.On() && !s.Slack.SigningSecret.IsZero() {
		if o.Slack, err = slack.NewVerifier(s.Slack.SigningSecret.Reveal(), clock); err != nil {
			return nil, err
		}
	}
	return web.New(o), nil
}

// owner names this process, and no other: in containers each has the same
// number, and may have the name of the one before it.
func owner() string {
	host, err := os.Hostname()
	if err != nil {
		host = "somewhere"
	}
	return host + "/" + strconv.Itoa(os.Getpid()) + "/" + rand.Text()[:8]
}
