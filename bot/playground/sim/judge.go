package sim

import (
	"fmt"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/playground"
)

// judge says what is not as it should be, now that nothing goes wrong any more
// and all has been waited for. The scoreboard's invariants hold here too.
func (p *play) judge() ([]string, error) {
	seen, err := p.world.Seen(p.ctx)
	if err != nil {
		return nil, err
	}
	wrong := p.wrong
	if !seen.Quiet {
		wrong = append(wrong, "Rest: after "+calmFor.String()+" of calm something is still on its way")
	}
	for _, i := range playground.Judge(seen) {
		for _, why := range i.Wrong {
			wrong = append(wrong, i.Name+": "+why)
		}
	}
	for _, look := range []func(playground.Seen) ([]string, error){p.noPanics} {
		more, err := look(seen)
		if err != nil {
			return nil, err
		}
		wrong = append(wrong, more...)
	}
	return wrong, nil
}

// noPanics: what was caught is no less a fault.
func (p *play) noPanics(playground.Seen) (wrong []string, err error) {
	tasks, err := p.books.Tasks(p.ctx, "", 10_000)
	if err != nil {
		return nil, err
	}
	for _, t := range tasks {
		if strings.Contains(t.Error, "panic") {
			wrong = append(wrong, fmt.Sprintf("Panic: %s %s: %s", t.Kind, t.Key, t.Error))
		}
	}
	for _, state := range []string{bot.LetterFailed, bot.LetterReady, bot.LetterIgnored} {
		letters, err := p.books.Letters(p.ctx, state, 10_000)
		if err != nil {
			return nil, err
		}
		for _, l := range letters {
			if strings.Contains(l.Error, "panic") {
				wrong = append(wrong, fmt.Sprintf("Panic: %s: %s", l.ID, l.Error))
			}
		}
	}
	return wrong, nil
}
