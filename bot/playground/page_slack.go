package playground

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeslack"
)

// thread is a message and the replies below it.
type thread struct {
	By      string // who wrote it
	Parent  fakeslack.Message
	Replies []fakeslack.Message
}

// threads groups messages that are in the order of messages.
func threads(list []fakeslack.Message, people []fakeslack.Person) (all []thread) {
	for _, m := range list {
		if n := len(all); m.IsReply() && n > 0 && all[n-1].Parent.TS == m.ThreadTS {
			all[n-1].Replies = append(all[n-1].Replies, m)
			continue
		}
		all = append(all, thread{By: author(m, people), Parent: m})
	}
	return all
}

// author of a message: a person, or the bot.
func author(m fakeslack.Message, people []fakeslack.Person) string {
	for _, p := range people {
		if p.ID == m.User {
			return p.Name
		}
	}
	return "roundtrip"
}

// messages of a channel as one person sees them: replies below their parent,
// and among them what the bot whispered to that person there.
func (w *World) messages(c fakeslack.Channel, as string) []fakeslack.Message {
	list := w.Slack.Messages(c.Name)
	for _, p := range w.Slack.People() {
		if p.Name != as {
			continue
		}
		for _, m := range w.Slack.Ephemerals(p.ID) {
			if m.Channel == c.ID {
				list = append(list, m)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b fakeslack.Message) int {
		if n := strings.Compare(root(a), root(b)); n != 0 {
			return n
		}
		return strings.Compare(a.TS, b.TS)
	})
	return list
}

func root(m fakeslack.Message) string {
	if m.ThreadTS != "" {
		return m.ThreadTS
	}
	return m.TS
}

// Clock is when a message was written, as this machine's clock says it.
func (t thread) Clock() string { return clockOf(t.Parent) }

func clockOf(m fakeslack.Message) string {
	seconds, _, _ := strings.Cut(m.TS, ".")
	at, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		return ""
	}
	return time.Unix(at, 0).Format("15:04:05")
}
