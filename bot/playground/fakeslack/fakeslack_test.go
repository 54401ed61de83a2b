package fakeslack_test

import (
	"encoding/json"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeslack"
)

const (
	token  = "xoxb-test"
	secret = "0123456789abcdef0123456789abcdef"
)

// clock is a clock that stands until it is moved.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.t }

func (c *clock) add(d time.Duration) { c.mu.Lock(); defer c.mu.Unlock(); c.t = c.t.Add(d) }

// world is a Slack that listens, and an independent client of it.
type world struct {
	*fakeslack.Server
	clock       *clock
	url         string
	client      *slack.Client
	shop, alice string
}

func newWorld(t *testing.T) world {
	t.Helper()
	c := &clock{t: time.Date(2026, 10, 5, 9, 0, 0, 0, time.UTC)}
	s := fakeslack.New(fakeslack.Options{Now: c.now, SigningSecret: secret, BotToken: token})
	h := httptest.NewServer(s)
	t.Cleanup(h.Close)
	s.SetURLs(h.URL, "", "")
	return world{
		Server: s, clock: c, url: h.URL,
		client: slack.New(token, slack.OptionAPIURL(h.URL+"/api/")),
		shop:   s.AddChannel("#shop"), alice: s.AddPerson("alice"),
	}
}

func noErr(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func section(text string) slack.Block {
	return slack.NewSectionBlock(slack.NewTextBlockObject(slack.MarkdownType, text, false, false), nil, nil)
}

func TestPostedMessagesAreReadBackAsTheyWereWritten(t *testing.T) {
	w := newWorld(t)
	meta := slack.SlackMetadata{EventType: "roundtrip", EventPayload: map[string]any{"place": "rollout/1"}}
	id, ts, err := w.client.PostMessage("#shop", slack.MsgOptionText("deploy", false),
		slack.MsgOptionBlocks(section("*deploy*")), slack.MsgOptionMetadata(meta), slack.MsgOptionDisableLinkUnfurl())
	noErr(t, err)
	if id != w.shop {
		t.Errorf("posted to %s, want %s", id, w.shop)
	}
	_, reply, err := w.client.PostMessage(w.shop, slack.MsgOptionText("detail", false), slack.MsgOptionTS(ts))
	noErr(t, err)
	if reply <= ts {
		t.Errorf("timestamps do not increase while the clock stands: %s, then %s", ts, reply)
	}

	h, err := w.client.GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: w.shop, IncludeAllMetadata: true})
	noErr(t, err)
	if len(h.Messages) != 1 || h.Messages[0].ReplyCount != 1 || len(h.Messages[0].Blocks.BlockSet) != 1 {
		t.Fatalf("history: %+v", h.Messages)
	}
	if got := h.Messages[0].Metadata.EventPayload["place"]; got != "rollout/1" {
		t.Errorf("metadata: %v", h.Messages[0].Metadata)
	}
	thread, _, _, err := w.client.GetConversationReplies(&slack.GetConversationRepliesParameters{ChannelID: w.shop, Timestamp: ts})
	noErr(t, err)
	if len(thread) != 2 || thread[1].Text != "detail" || thread[0].Metadata.EventType != "" {
		t.Errorf("thread: %+v", thread)
	}
	if got := w.Thread("#shop", ts); len(got) != 2 || !got[1].IsReply() || got[0].Unfurl {
		t.Errorf("state: %+v", got)
	}
}

func TestUpdateEditsAndKeepsWhatIsNotNamed(t *testing.T) {
	w := newWorld(t)
	_, ts, err := w.client.PostMessage(w.shop, slack.MsgOptionText("one", false), slack.MsgOptionBlocks(section("one")))
	noErr(t, err)
	_, _, _, err = w.client.UpdateMessage(w.shop, ts, slack.MsgOptionText("two", false))
	noErr(t, err)
	m := w.Messages("shop")
	if len(m) != 1 || m[0].Text != "two" || m[0].Edited != 1 || m[0].TS != ts || len(m[0].Blocks) == 0 {
		t.Errorf("after the update: %+v", m)
	}
	if _, _, err = w.client.DeleteMessage(w.shop, ts); err != nil || len(w.Messages(w.shop)) != 0 {
		t.Errorf("delete: %v, left %v", err, w.Messages(w.shop))
	}
	if n := len(w.Posted()); n != 2 {
		t.Errorf("%d contents recorded, want 2", n)
	}
	for _, p := range w.Posted() {
		var c struct {
			Text   string
			Blocks []any
		}
		if json.Unmarshal(p, &c) != nil || c.Text == "" || len(c.Blocks) != 1 {
			t.Errorf("recorded %s", p)
		}
	}
}

func TestPeopleReactionsAndWhispers(t *testing.T) {
	w := newWorld(t)
	u, err := w.client.GetUserInfo(w.alice)
	noErr(t, err)
	byMail, err := w.client.GetUserByEmail(u.Profile.Email)
	noErr(t, err)
	if u.Name != "alice" || byMail.ID != w.alice {
		t.Errorf("people: %+v, %+v", u, byMail)
	}
	_, ts, err := w.client.PostMessage(w.shop, slack.MsgOptionText("x", false))
	noErr(t, err)
	ref := slack.NewRefToMessage(w.shop, ts)
	noErr(t, w.client.AddReaction("eyes", ref))
	if err := w.client.AddReaction("eyes", ref); err == nil || err.Error() != "already_reacted" {
		t.Errorf("twice: %v", err)
	}
	_, err = w.client.PostEphemeral(w.shop, w.alice, slack.MsgOptionText("only you", false))
	noErr(t, err)
	if e := w.Ephemerals(w.alice); len(e) != 1 || e[0].Text != "only you" || len(w.Messages(w.shop)) != 1 {
		t.Errorf("whispers: %+v", e)
	}
}

func TestHistoryComesInPages(t *testing.T) {
	w := newWorld(t)
	for range 5 {
		_, _, err := w.client.PostMessage(w.shop, slack.MsgOptionText("x", false))
		noErr(t, err)
		w.clock.add(time.Second)
	}
	seen, cursor := 0, ""
	for page := range 3 {
		h, err := w.client.GetConversationHistory(&slack.GetConversationHistoryParameters{ChannelID: w.shop, Limit: 2, Cursor: cursor})
		noErr(t, err)
		seen += len(h.Messages)
		cursor = h.ResponseMetaData.NextCursor
		if h.HasMore != (page < 2) {
			t.Errorf("page %d: has more %v", page, h.HasMore)
		}
	}
	if seen != 5 || cursor != "" {
		t.Errorf("saw %d messages, cursor %q", seen, cursor)
	}
	chans, _, err := w.client.GetConversations(&slack.GetConversationsParameters{})
	noErr(t, err)
	if len(chans) != 1 || chans[0].Name != "shop" || !chans[0].IsMember {
		t.Errorf("channels: %+v", chans)
	}
}

func TestTimestampsStayUniqueWhenManyPost(t *testing.T) {
	w := newWorld(t)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 20 {
				if _, _, err := w.client.PostMessage(w.shop, slack.MsgOptionText("x", false)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	last := ""
	for _, m := range w.Messages(w.shop) {
		if m.TS <= last {
			t.Fatalf("%s after %s", m.TS, last)
		}
		last = m.TS
	}
	if n := len(w.Messages(w.shop)); n != 160 {
		t.Errorf("%d messages", n)
	}
}
