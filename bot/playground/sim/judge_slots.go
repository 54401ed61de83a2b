package sim

import (
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/deploy"
)

// slots: what the bot believes to be live is live, and where nothing is on its
// way there is no canary. So what was stopped or went back has ended on what
// was known to be good. Where the bot says that it does not know, it may not.
func (v *verdict) slots(seen playground.Seen) error {
	keys, err := v.books.Keys(v.ctx, "slot/")
	if err != nil {
		return err
	}
	for _, key := range keys {
		var s deploy.Slot
		if _, err := v.books.Doc(v.ctx, key, &s); err != nil {
			return err
		}
		env := key[strings.LastIndexByte(key, '/')+1:]
		if s.Live == nil || s.Dirty != "" || s.Running != "" {
			continue
		}
		v.counts["slots compared"]++
		if is := bot.SHA(seen.Stable[env]); is != s.Live.Release.SHA {
			v.add("Production is as written", "%s is written down as live in %s, where %s is", s.Live.Release.SHA.Short(), env, is.Short())
		}
		if c := seen.Canary[env]; c != "" {
			v.add("Production is as written", "nothing is on its way in %s, where %s is the canary", env, bot.SHA(c).Short())
		}
	}
	return nil
}
