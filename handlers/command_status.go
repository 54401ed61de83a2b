package handlers

import (
	"context"
	"fmt"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/words"
	"github.com/roundtrip-bot/roundtrip/deploy"
	"github.com/roundtrip-bot/roundtrip/policies"
)

// status says what is where and whether main is green.
func (h *Handlers) status(ctx context.Context, a *asked) error {
	if err := h.mayRead(ctx, a); err != nil {
		return err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "### %s\n", a.repo.Name)
	if err := h.branchLines(ctx, a, &b); err != nil {
		return err
	}
	places, err := a.placesOf()
	if err != nil {
		return err
	}
	for _, at := range places {
		line, err := h.stageLine(ctx, a, at)
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "- %s: %s\n", a.placed(at.service, at.stage.Name), line)
	}
	if len(a.settings.Pipeline.Stages) == 0 {
		b.WriteString("- no stages: the file names none\n")
	}
	for _, m := range a.mistakes {
		fmt.Fprintf(&b, "- ⚠️ %s\n", words.Code(m))
	}
	a.answer = b.String()
	return nil
}

// branchLines tell of every branch whose checks we have seen; of one that the
// file does not ask to be green we see none.
func (h *Handlers) branchLines(ctx context.Context, a *asked, b *strings.Builder) error {
	green := a.settings.Policies.Green
	keys, err := h.Store.Keys(ctx, policies.BuildKey(a.repo, ""))
	if err != nil {
		return err
	}
	for _, key := range keys {
		var build policies.Build
		if _, err := h.Store.Doc(ctx, key, &build); err != nil {
			return err
		}
		health := words.Health{Red: build.Health == policies.Red, Green: build.Health == policies.Green, Why: build.Why(), Unwatched: !green.Watched(build.Branch)}
		fmt.Fprintf(b, "- %s\n", words.BranchIs(build.Branch, health))
	}
	if len(keys) == 0 {
		fmt.Fprintf(b, "- %s\n", words.BranchIs("main", words.Health{Unwatched: green.Mode == policies.Off}))
	}
	return nil
}

// placesOf are those that were named, else every stage of every service.
func (a *asked) placesOf() (places []servicePlace, err error) {
	w, err := a.wishedPlace()
	if err != nil {
		return nil, err
	}
	at, err := a.placeIn(w)
	if err != nil {
		return nil, err
	}
	for _, service := range a.settings.Pipeline.ServiceNames(a.repo) {
		for _, stage := range a.settings.Pipeline.Stages {
			if (at.service == "" || at.service == service) && (at.stage.Name == "" || at.stage.Name == stage.Name) {
				places = append(places, servicePlace{service, stage})
			}
		}
	}
	return places, nil
}

func (h *Handlers) stageLine(ctx context.Context, a *asked, at servicePlace) (string, error) {
	s := at.stage
	slot, running, err := h.slotOf(ctx, deploy.SlotKey(a.repo, at.service, s.Environment))
	if err != nil {
		return "", err
	}
	line := "nothing that I know of"
	if slot.Live != nil {
		line = fmt.Sprintf("`%s` live since %s", slot.Live.Release.SHA.Short(), words.Moment(slot.Live.At))
	}
	if slot.Dirty != "" {
		line += "; nobody knows what runs now: " + words.Code(slot.Dirty)
	}
	if running != nil && running.Stage.Name == s.Name {
		line += fmt.Sprintf("; %s is %s at %d %%", running.Release.Named(), running.State.Words(), running.Weight())
	}
	return line, nil
}

// mayRead: in a comment, whoever could write it can read. In chat, whom we do
// not know on GitHub is told of the repository that the channel stands for
// and of no other: that much the channel is told anyway.
func (h *Handlers) mayRead(ctx context.Context, a *asked) error {
	channel, notify := a.d.Event.Channel, a.settings.Notify
	switch {
	case a.d.Event.From == bot.FromComment:
		return nil
	case a.by.Login != "":
		return h.authorize(ctx, a.by, a.cmd.Verb, target{repo: a.repo})
	case channel != "" && (notify.Channel == channel || notify.Deploys == channel):
		return nil
	}
	return h.authorize(ctx, a.by, a.cmd.Verb, target{repo: a.repo}) // which says that we do not know them
}

// help lists every command with who may use it. Slack knows no tables.
func (h *Handlers) help(_ context.Context, a *asked) error {
	var b strings.Builder
	chat := a.d.Event.From == bot.FromSlack
	b.WriteString("### What I understand\n\n")
	if !chat {
		b.WriteString("| command | does | who |\n|:--|:--|:--|\n")
	}
	for _, c := range commands() {
		if chat {
			fmt.Fprintf(&b, "• `%s` - %s. For everybody who %s.\n", strings.Replace(c.Usage, "/", "/roundtrip ", 1), c.Doc, c.Who)
			continue
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", c.Usage, c.Doc, c.Who)
	}
	if names := a.settings.Pipeline.Names(); len(names) > 0 {
		fmt.Fprintf(&b, "\nStages here: %s.\n", strings.Join(names, ", "))
	}
	a.answer = b.String()
	return nil
}
