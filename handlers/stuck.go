package handlers

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// deliveryStuck tells whoever waits for a delivery that it does not go on, and
// where it was given up. It asks nobody but our own store: GitHub may be what
// does not answer.
func (h *Handlers) deliveryStuck(ctx context.Context, d bot.Delivery[bot.DeliveryStuck]) (plan bot.Plan, err error) {
	event, err := bot.DecodeEvent(d.Event.Kind, d.Event.Event)
	if err != nil {
		return plan, bot.Permanent{Err: err}
	}
	s := stuckness(d)
	switch e := event.(type) {
	case bot.CommandGiven:
		return h.commandStuck(ctx, d, e, s)
	case bot.ButtonPressed:
		tellInChat(d, e.At, e.ChannelID, e.Reply, s, &plan)
	case bot.StartDue:
		return h.startStuck(ctx, d, e, s)
	case bot.StageSettled:
		return h.rolloutStuck(ctx, d, e.Rollout, s)
	case bot.RolloutDue:
		return h.rolloutStuck(ctx, d, e.Rollout, s)
	}
	return plan, nil
}

func stuckness(d bot.Delivery[bot.DeliveryStuck]) words.Stuck {
	e := d.Event
	return words.Stuck{Who: e.Who, Asked: e.Asked, At: d.At, Until: e.Until, Tries: e.Tries, Took: d.At.Sub(e.Since), Delivery: e.Delivery}
}

// startStuck says on the change that a stage does not start with its merge.
func (h *Handlers) startStuck(ctx context.Context, d bot.Delivery[bot.DeliveryStuck], e bot.StartDue, s words.Stuck) (plan bot.Plan, err error) {
	if !d.Event.GivenUp || e.Stage == "" { // of no stage is there anything to say
		return plan, nil
	}
	file, err := h.lastRead(ctx, e.Ref.Repo)
	if err != nil {
		return plan, err
	}
	place := file.Pipeline.Place(e.Service, e.Stage)
	s.Line, s.By = "/deploy "+place, e.By.Name()
	plan.Do(bot.KeepComment{Ref: e.Ref, Place: startComment(e, place), Body: words.Refused(s.GivenUp())})
	return plan, nil
}

// commandStuck: who asked in chat is told there. A comment on a change cannot
// be answered while GitHub is away; the channel that its repository's file
// names hears of it, and the change when it was given up.
func (h *Handlers) commandStuck(ctx context.Context, d bot.Delivery[bot.DeliveryStuck], e bot.CommandGiven, s words.Stuck) (plan bot.Plan, err error) {
	lines, _ := Parse(e.Text, e.From == bot.FromSlack)
	if e.By.Bot || e.IsIssue || len(lines) == 0 {
		return plan, nil // nobody asked for anything
	}
	s = ofCommand(s, e, lines[0])
	if e.From == bot.FromSlack {
		tellInChat(d, e.At, e.ChannelID, e.Reply, s, &plan)
		return plan, nil
	}
	if d.Event.GivenUp {
		plan.Answer(
			bot.React{Repo: e.Ref.Repo, Comment: e.Comment, Reaction: bot.Nope},
			bot.KeepComment{Ref: e.Ref, Place: fmt.Sprintf("answer/%d", e.Comment), Body: words.Refused(s.GivenUp())},
		)
	}
	err = h.waitsHere(ctx, d, e, s, &plan)
	return plan, err
}

// ofCommand says which command it is, and until when it may still be run.
func ofCommand(s words.Stuck, e bot.CommandGiven, line Line) words.Stuck {
	s.Line, s.On, s.By = line.String(), e.Ref, e.By.Name()
	reads := slices.ContainsFunc(commands(), func(c Command) bool { return c.Verb == line.Verb && c.Reads })
	if late := e.At.Add(tooLate); !reads && (s.Until.IsZero() || late.Before(s.Until)) {
		s.Until = late
	}
	return s
}

// whispered is how long after a command Slack lets us answer it, less a few
// minutes: later the channel is told.
const whispered = 25 * time.Minute

func tellInChat(d bot.Delivery[bot.DeliveryStuck], asked time.Time, channel, reply string, s words.Stuck, plan *bot.Plan) {
	text := s.Waits()
	if d.Event.GivenUp {
		text = words.ChatRefused(s.GivenUp())
	}
	if d.At.Sub(asked) < whispered {
		plan.Answer(bot.Whisper{Command: d.Event.Delivery, URL: reply, Text: text})
		return
	}
	plan.Answer(bot.KeepMessage{Channel: channel, Place: "stuck/" + d.Event.Delivery, Text: text})
}

// waitsDoc remembers that a channel was told of a command that waits, so that
// it hears how that ended.
type waitsDoc struct {
	bot.Version
	Delivery string `json:"delivery"`
	Channel  string `json:"channel"`
}

func (d waitsDoc) DocKey() string { return "waits/" + d.Delivery }

func (d waitsDoc) message(repo bot.RepoRef, text string) bot.KeepMessage {
	return bot.KeepMessage{Repo: repo, Channel: d.Channel, Place: "stuck/" + d.Delivery, Text: text}
}

// waitsHere tells the channel for deploys, if the file as we know it names one.
func (h *Handlers) waitsHere(ctx context.Context, d bot.Delivery[bot.DeliveryStuck], e bot.CommandGiven, s words.Stuck, plan *bot.Plan) error {
	told := waitsDoc{Delivery: d.Event.Delivery}
	found, err := h.Store.Doc(ctx, told.DocKey(), &told)
	if err != nil {
		return err
	}
	if !found {
		if told.Channel, err = h.channelOf(ctx, e.Ref.Repo); err != nil || told.Channel == "" {
			return err
		}
		plan.Keep(told)
	}
	text := s.WaitsHere()
	if d.Event.GivenUp {
		text = s.GivenUpHere()
	}
	plan.Answer(told.message(e.Ref.Repo, text))
	return nil
}

// channelOf is where deploys of a repository are told, without asking GitHub.
func (h *Handlers) channelOf(ctx context.Context, repo bot.RepoRef) (string, error) {
	s, err := h.lastRead(ctx, repo)
	return s.Notify.ForDeploys(), err
}

// lastRead are the settings by a repository's file as we know it, without
// asking GitHub; none if we never read one.
func (h *Handlers) lastRead(ctx context.Context, repo bot.RepoRef) (Settings, error) {
	var d settingsDoc
	if found, err := h.Store.Doc(ctx, settingsKey(repo), &d); err != nil || !found {
		return Settings{}, err
	}
	return h.inForce(d), nil
}

// goesOn tells the channel that heard of a command's wait that it is over.
func (h *Handlers) goesOn(ctx context.Context, d bot.Delivery[bot.CommandGiven], line Line, plan *bot.Plan) error {
	told := waitsDoc{Delivery: d.ID}
	if found, err := h.Store.Doc(ctx, told.DocKey(), &told); err != nil || !found {
		return err
	}
	s := ofCommand(words.Stuck{At: d.At}, d.Event, line)
	plan.Answer(told.message(d.Event.Ref.Repo, s.GoesOn()))
	return nil
}

// rolloutStuck says so where people follow the rollout. Its state is as it was:
// whatever comes next shows it anew.
func (h *Handlers) rolloutStuck(ctx context.Context, d bot.Delivery[bot.DeliveryStuck], id string, s words.Stuck) (plan bot.Plan, err error) {
	r, found, err := h.rollout(ctx, id)
	if err != nil || !found || r.State.Ended() {
		return plan, err
	}
	file, err := h.lastRead(ctx, r.Release.Repo)
	if err != nil {
		return plan, err
	}
	been, err := h.been(ctx, r.Release, file.Pipeline)
	if err != nil {
		return plan, err
	}
	view := viewOf(r, file.Pipeline, been, deploy.Slot{})
	var line string
	stop := abortLine(r, file.Pipeline)
	if view.Next, line = s.Rollout(stop); d.Event.GivenUp {
		view.Next, line = s.RolloutGivenUp(stop)
	}
	view.Paste = []string{stop}
	h.display(r, file, view, fmt.Sprintf("stuck/%v", d.Event.GivenUp), line, &plan)
	return plan, nil
}
