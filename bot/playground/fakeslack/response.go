package fakeslack

import (
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"time"
)

// How often and how long a response URL may be used.
const (
	responseUses = 5
	responseLife = 30 * time.Minute
)

// response is what belongs to one response URL.
type response struct {
	channel  string
	user     string
	made     time.Time
	uses     int
	original string    // TS of the message whose button was pressed
	answers  []Message // in the order they came; replaced ones are replaced
}

// reply is what the bot sends to a response URL, or answers at once.
type reply struct {
	Text            string          `json:"text"`
	Blocks          json.RawMessage `json:"blocks"`
	ResponseType    string          `json:"response_type"`
	ThreadTS        string          `json:"thread_ts"`
	ReplaceOriginal bool            `json:"replace_original"`
	DeleteOriginal  bool            `json:"delete_original"`
}

func (s *Server) serveResponse(w http.ResponseWriter, r *http.Request, id string) {
	fault := s.takeFault("response")
	if fault != nil && !fault.Lost {
		fault.failed(w)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	var rep reply
	if err == nil {
		rep, err = readReply(r.Header.Get("Content-Type"), body)
	}
	if err != nil {
		http.Error(w, "invalid_payload", http.StatusBadRequest)
		return
	}
	code := s.respond(id, rep)
	switch {
	case fault != nil:
		fault.failed(w)
	case code == "expired_url" || code == "used_url":
		writeJSON(w, http.StatusNotFound, refusal(code))
	case code != "":
		http.Error(w, code, http.StatusBadRequest)
	default:
		_, _ = io.WriteString(w, "ok")
	}
}

// readReply reads JSON, also as the payload of a form, which Slack accepts
// as well.
func readReply(contentType string, body []byte) (reply, error) {
	kind, _, _ := mime.ParseMediaType(contentType)
	if kind == "application/x-www-form-urlencoded" {
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return reply{}, err
		}
		body = []byte(form.Get("payload"))
	}
	var rep reply
	err := json.Unmarshal(body, &rep)
	return rep, err
}

func (s *Server) respond(id string, rep reply) (refusal string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.responses[id]
	switch {
	case r == nil || s.opts.Now().Sub(r.made) > responseLife:
		return "expired_url"
	case r.uses >= responseUses:
		return "used_url"
	}
	code := s.show(r, rep)
	if code == "" {
		r.uses++
	}
	return code
}

// show puts a reply where it belongs: in place of the original, in the
// channel, or before one person's eyes. The lock is held.
func (s *Server) show(r *response, rep reply) (refusal string) {
	m, code := content(args{"text": rep.Text, "blocks": string(rep.Blocks)})
	switch {
	case code != "":
		return code
	case m.empty() && !rep.DeleteOriginal:
		return errNoText
	case rep.DeleteOriginal || rep.ReplaceOriginal:
		if s.changeOriginal(r, rep, m) {
			return ""
		}
		if rep.DeleteOriginal {
			return errMessage
		}
	}
	m.ThreadTS = rep.ThreadTS
	if c := s.findChannel(r.channel); rep.ResponseType == "in_channel" && c != nil {
		r.answers = append(r.answers, *s.post(c, m))
		return ""
	}
	r.answers = append(r.answers, s.whisper(r.channel, r.user, m))
	return ""
}

// changeOriginal edits or deletes the message whose button was pressed, or
// else the last answer to the command. It reports whether there was one.
func (s *Server) changeOriginal(r *response, rep reply, m Message) bool {
	ts := r.original
	if n := len(r.answers); ts == "" && n > 0 {
		ts = r.answers[n-1].TS
	}
	copies := s.everywhere(r, ts)
	if len(copies) == 0 {
		return false
	}
	if rep.DeleteOriginal {
		s.forget(r, ts)
		return true
	}
	now := s.nextTS()
	for _, old := range copies {
		old.Before = append(old.Before, old.Blocks)
		old.Text, old.Blocks, old.editedTS = m.Text, m.Blocks, now
		old.Edited++
	}
	s.record(m)
	if r.original != "" {
		r.answers = append(r.answers, m)
	}
	return true
}

// everywhere is each copy that we keep of a message.
func (s *Server) everywhere(r *response, ts string) []*Message {
	var list []*Message
	if c := s.findChannel(r.channel); c != nil && c.find(ts) != nil {
		list = append(list, c.find(ts))
	}
	for _, copies := range [][]Message{s.whispers, r.answers} {
		if i := slices.IndexFunc(copies, func(m Message) bool { return m.TS == ts }); i >= 0 {
			list = append(list, &copies[i])
		}
	}
	return list
}

func (s *Server) forget(r *response, ts string) {
	is := func(m Message) bool { return m.TS == ts }
	s.whispers = slices.DeleteFunc(s.whispers, is)
	r.answers = slices.DeleteFunc(r.answers, is)
	if c := s.findChannel(r.channel); c != nil {
		c.messages = slices.DeleteFunc(c.messages, func(m *Message) bool { return m.TS == ts })
	}
}
