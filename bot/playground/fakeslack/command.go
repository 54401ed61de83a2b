package fakeslack

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// AnswerWithin is how long Slack waits for an answer.
const AnswerWithin = 3 * time.Second

// ErrTimeout says that the bot did not answer within AnswerWithin: people see
// "operation_timeout".
var ErrTimeout = errors.New("operation_timeout: no answer within 3 s")

// Response is what the bot answered at once.
type Response struct {
	ID          string // names the command for ResponsesTo
	Status      int
	ContentType string
	Body        string
}

// Command sends a slash command as a person in a channel, "/roundtrip" and
// "deploy canary", and shows what the bot answers at once. An answer other
// than 2xx is no error here: look at the Status.
func (s *Server) Command(ctx context.Context, userID, channelID, command, text string) (Response, error) {
	person, c, err := s.who(userID, channelID)
	if err != nil {
		return Response{}, fmt.Errorf("send command %s: %w", command, err)
	}
	id, trigger, responseURL := s.openResponse(c.ID, userID, "")
	res, err := s.send(ctx, s.urls().CommandURL, url.Values{
		"token": {"deprecated"}, "team_id": {TeamID}, "team_domain": {s.opts.TeamDomain},
		"channel_id": {c.ID}, "channel_name": {c.Name}, "user_id": {person.ID}, "user_name": {person.Name},
		"command": {command}, "text": {text}, "api_app_id": {AppID}, "is_enterprise_install": {"false"},
		"response_url": {responseURL}, "trigger_id": {trigger},
	})
	res.ID = id
	if err != nil {
		return res, fmt.Errorf("send command %s: %w", command, err)
	}
	s.showAnswer(id, res)
	return res, nil
}

// who finds the person and the channel.
func (s *Server) who(userID, channelID string) (Person, Channel, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.findPerson(userID)
	c := s.findChannel(channelID)
	switch {
	case !ok:
		return Person{}, Channel{}, fmt.Errorf("no person %q", userID)
	case c == nil:
		return Person{}, Channel{}, fmt.Errorf("no channel %q", channelID)
	}
	return p, c.Channel, nil
}

func (s *Server) urls() Options {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.opts
}

// openResponse makes a response URL. Its id cannot be guessed from outside by
// accident, yet is the same in each run of a story.
func (s *Server) openResponse(channel, user, original string) (id, trigger, responseURL string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lastID++
	now := s.opts.Now()
	sum := sha256.Sum256(fmt.Appendf(nil, "%d/%s/%s", s.lastID, user, s.opts.SigningSecret))
	id = fmt.Sprintf("%d-%s", s.lastID, hex.EncodeToString(sum[:8]))
	s.responses[id] = &response{channel: channel, user: user, made: now, original: original}
	return id, fmt.Sprintf("%d.%d.%s", s.lastID, now.UnixMilli(), hex.EncodeToString(sum[8:])), s.opts.URL + "/response/" + id
}

// showAnswer shows what the bot answered at once: JSON as it asks, plain text
// to the one who gave the command.
func (s *Server) showAnswer(id string, res Response) {
	if res.Status/100 != 2 || strings.TrimSpace(res.Body) == "" {
		return
	}
	rep := reply{Text: res.Body}
	if strings.HasPrefix(res.ContentType, "application/json") {
		rep = reply{}
		if json.Unmarshal([]byte(res.Body), &rep) != nil {
			return
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.show(s.responses[id], rep)
}

// send signs a form and posts it, as Slack does, or sends it over a socket
// that the bot has open.
func (s *Server) send(ctx context.Context, to string, form url.Values) (Response, error) {
	if conn := s.socket(); conn != nil {
		return conn.send(ctx, form)
	}
	o := s.urls()
	if to == "" {
		return Response{}, errors.New("no URL of the bot is set")
	}
	ctx, cancel := context.WithTimeoutCause(ctx, AnswerWithin, ErrTimeout)
	defer cancel()
	body := form.Encode()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to, strings.NewReader(body))
	if err != nil {
		return Response{}, err
	}
	stamp := strconv.FormatInt(o.Now().Unix(), 10)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)")
	r.Header.Set("X-Slack-Request-Timestamp", stamp)
	r.Header.Set("X-Slack-Signature", Sign(o.SigningSecret, stamp, body))
	return do(ctx, o.Client, r)
}

func do(ctx context.Context, client *http.Client, r *http.Request) (Response, error) {
	resp, err := client.Do(r)
	if err != nil {
		if errors.Is(context.Cause(ctx), ErrTimeout) {
			err = ErrTimeout
		}
		return Response{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(io.LimitReader(resp.Body, maxBody))
	if err != nil && errors.Is(context.Cause(ctx), ErrTimeout) {
		err = ErrTimeout
	}
	return Response{Status: resp.StatusCode, ContentType: resp.Header.Get("Content-Type"), Body: string(b)}, err
}

// Sign is Slack's signature of a body sent at stamp (Unix seconds):
// "v0=" and HMAC-SHA256 of "v0:stamp:body" in hexadecimal.
// https://docs.slack.dev/authentication/verifying-requests-from-slack
func Sign(secret, stamp, body string) string {
	m := hmac.New(sha256.New, []byte(secret))
	_, _ = m.Write([]byte("v0:" + stamp + ":" + body))
	return "v0=" + hex.EncodeToString(m.Sum(nil))
}
