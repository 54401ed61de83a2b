package sim

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/playground"
)

// judge says what is not as it should be, now that nothing goes wrong any more
// and all has been waited for. What the scoreboard holds against a playground
// it holds against a history; the rest only a history can know.
func (p *play) judge() ([]string, error) {
	seen, err := p.world.Seen(p.ctx)
	if err != nil {
		return nil, err
	}
	v := verdict{play: p, wrong: p.wrong}
	if !seen.Quiet {
		v.add("Rest", "after %s of calm something is still on its way", calmFor)
	}
	for _, i := range playground.Judge(seen) {
		for _, why := range i.Wrong {
			v.add(i.Name, "%s", why)
		}
	}
	tasks, err := p.books.Tasks(p.ctx, "", 100_000)
	if err != nil {
		return nil, err
	}
	if err := v.heard(); err != nil {
		return nil, err
	}
	if err := v.slots(seen); err != nil {
		return nil, err
	}
	v.orders(seen)
	v.written(seen, tasks)
	v.noPanics(tasks)
	return v.wrong, nil
}

type verdict struct {
	*play
	wrong []string
}

func (v *verdict) add(about, format string, args ...any) {
	v.wrong = append(v.wrong, about+": "+fmt.Sprintf(format, args...))
}

// heard: each webhook that was ever sent is in the inbox, once, also one that
// never came: it is asked for. Nothing else is.
func (v *verdict) heard() error {
	sent := map[string]bool{}
	for _, d := range v.world.GitHub.Deliveries() {
		sent[bot.GitHubLetter(d.ID)] = true
	}
	for _, state := range []string{bot.LetterNew, bot.LetterReady, bot.LetterHandling, bot.LetterDone, bot.LetterIgnored, bot.LetterFailed} {
		letters, err := v.books.Letters(v.ctx, state, 100_000)
		if err != nil {
			return err
		}
		for _, l := range letters {
			if strings.Contains(l.Error, "panic") {
				v.add("Panic", "%s: %s", l.ID, l.Error)
			}
			if _, is := bot.GitHubGUID(l.ID); !is {
				continue
			}
			if !sent[l.ID] {
				v.add("Heard once", "%s is in the inbox, and was never sent or is there already", l.ID)
			}
			delete(sent, l.ID)
		}
	}
	if len(sent) > 0 {
		v.add("Heard", "%d webhooks, %s among them, were never heard", len(sent), slices.Min(slices.Collect(maps.Keys(sent))))
	}
	return nil
}

// noPanics: what was caught is no less a fault.
func (v *verdict) noPanics(tasks []bot.Task) {
	for _, t := range tasks {
		if strings.Contains(t.Error, "panic") {
			v.add("Panic", "%s %s: %s", t.Kind, t.Key, t.Error)
		}
		v.counts["effects "+t.State]++
	}
}
