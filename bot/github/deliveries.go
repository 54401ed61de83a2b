package github

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	gh "github.com/google/go-github/v60/github"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// fetchBytes bounds the bodies of deliveries that are fetched at once, unless
// one alone is larger.
const fetchBytes = 8 << 20

// wireSent is one time that a webhook was sent. go-github's type is not used:
// it drops the payload's own text.
type wireSent struct {
	ID    int64  `json:"id"`
	GUID  string `json:"guid"`
	Event string `json:"event"`
	At    stamp  `json:"delivered_at"`
	Code  int    `json:"status_code"`
}

func (w wireSent) sent() bot.Sent {
	return bot.Sent{ID: w.ID, GUID: w.GUID, Event: w.Event, At: w.At.Time, Accepted: w.Code >= 200 && w.Code < 300}
}

// Sent is a page of what GitHub sent to the app's hook in the last three days,
// the newest first, each time that it was tried, and where the next page
// begins; cursor and next are empty for the first page and after the last. It
// is not asked for failures alone: GitHub does not count as one that nobody
// answered.
func (c *Client) Sent(ctx context.Context, cursor string) (page []bot.Sent, next string, err error) {
	const doing = "list what GitHub sent"
	q := url.Values{"per_page": {"100"}}
	if cursor != "" {
		q.Set("cursor", cursor)
	}
	var list []wireSent
	resp, err := c.asApp(ctx, "app/hook/deliveries?"+q.Encode(), "", &list)
	if err != nil {
		return nil, "", readError(doing, err)
	}
	for _, w := range list {
		if w.ID > 0 && w.GUID != "" && w.Event != "" && !w.At.IsZero() {
			page = append(page, w.sent())
		}
	}
	if query, ok := nextQuery(resp.Header); ok {
		next = query.Get("cursor")
	}
	return page, next, nil
}

// Fetch is what was sent, as it would have been heard, in the order of the ids:
// as many as there is room for in memory and time for in Options.ListFor, and
// at least the first. An error is of the one after those. Errors:
// bot.ErrNotFound where GitHub has no such delivery or no body of it any more.
func (c *Client) Fetch(ctx context.Context, ids []int64) (letters []bot.Letter, err error) {
	ctx, cancel := context.WithTimeout(ctx, c.o.ListFor)
	defer cancel()
	size := 0
	for i, id := range ids {
		l, err := c.fetch(ctx, id)
		if i > 0 && ctx.Err() != nil {
			return letters, nil
		}
		if err != nil {
			return letters, err
		}
		if size += len(l.Body); i > 0 && size > fetchBytes {
			return letters, nil
		}
		letters = append(letters, l)
	}
	return letters, nil
}

func (c *Client) fetch(ctx context.Context, id int64) (bot.Letter, error) {
	doing := fmt.Sprintf("fetch delivery %d", id)
	var answer bytes.Buffer
	if _, err := c.asApp(ctx, "app/hook/deliveries/"+strconv.FormatInt(id, 10), "", &answer); err != nil {
		return bot.Letter{}, readError(doing, err)
	}
	payload, rest := withoutPayload(answer.Bytes())
	var w wireSent
	if err := json.Unmarshal(rest, &w); err != nil {
		return bot.Letter{}, readError(doing, err)
	}
	var body bytes.Buffer
	if json.Compact(&body, payload) != nil || body.Len() == 0 || body.String() == "null" {
		return bot.Letter{}, fmt.Errorf("%s: GitHub kept no body of it (%w)", doing, bot.ErrNotFound)
	}
	if !goodID(w.GUID) || w.Event == "" || len(w.Event) > 100 {
		return bot.Letter{}, fmt.Errorf("%s: its id or event is malformed (%w)", doing, bot.ErrNotFound)
	}
	return bot.Letter{ID: w.sent().LetterID(), Source: "github", Name: w.Event, Body: body.Bytes()}, nil
}

// withoutPayload takes out of a delivery what was sent, which is most of it and
// is not to be decoded.
func withoutPayload(answer []byte) (payload, rest []byte) {
	for request := range members(answer, 0) {
		if string(request.name) != `"request"` {
			continue
		}
		for m := range members(answer, request.value) {
			if string(m.name) == `"payload"` {
				return answer[m.value:m.to], slices.Concat(answer[:m.value], []byte("null"), answer[m.to:])
			}
		}
	}
	return nil, answer
}

func goodID(guid string) bool { return guid != "" && len(guid) <= 100 }

// Newest is the newest delivery that GitHub lists; 0 when it lists none. That
// nothing is new since the last question costs nothing of what we may ask.
func (c *Client) Newest(ctx context.Context) (id int64, err error) {
	c.mu.Lock()
	tag, id := c.newestTag, c.newest
	c.mu.Unlock()
	var list []wireSent
	resp, err := c.asApp(ctx, "app/hook/deliveries?per_page=1", tag, &list)
	var answer *gh.ErrorResponse
	switch {
	case errors.As(err, &answer) && answer.Response.StatusCode == http.StatusNotModified:
		return id, nil
	case err != nil:
		return 0, readError("ask what GitHub sent last", err)
	}
	id = 0
	if len(list) > 0 {
		id = list[0].ID
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.newestTag, c.newest = resp.Header.Get("ETag"), id
	return id, nil
}
