package main

import (
	"context"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/playground/sim"
)

// forgetful accepts webhooks of comments and forgets them.
type forgetful struct{ sim.Store }

func (f forgetful) Hear(ctx context.Context, l bot.Letter) (bool, error) {
	if strings.HasPrefix(l.Name, "issue_comment") {
		return true, nil
	}
	return f.Store.Hear(ctx, l)
}
