package fakeslack

import (
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
)

// What Slack answers when it refuses, in its words.
const (
	errRateLimited     = "ratelimited"
	errChannel         = "channel_not_found"
	errNotInChannel    = "not_in_channel"
	errArchived        = "is_archived"
	errMessage         = "message_not_found"
	errThread          = "thread_not_found"
	errUser            = "user_not_found"
	errNoText          = "no_text"
	errTooLong         = "msg_too_long"
	errBlocks          = "invalid_blocks"
	errMetadata        = "invalid_metadata_format"
	errInvalidCursor   = "invalid_cursor"
	errNoReaction      = "no_reaction"
	errAlreadyReacted  = "already_reacted"
	errUserNotInChan   = "user_not_in_channel"
	errCannotUpdate    = "cant_update_message"
	errCannotDelete    = "cant_delete_message"
	errUnknownMethod   = "unknown_method"
	errInvalidAuth     = "invalid_auth"
	errNotAuthed       = "not_authed"
	errInvalidArgument = "invalid_arguments"
)

// maxBody is how much of a request is read, in bytes.
const maxBody = 1 << 20

// fields is a JSON object that Slack answers with.
type fields map[string]any

// method is one of Slack's Web API methods; a refusal is one of Slack's error
// codes. It is called with the lock held.
type method func(s *Server, a args) (answer fields, refusal string)

func methods() map[string]method {
	return map[string]method{
		"auth.test":             (*Server).authTest,
		"chat.postMessage":      (*Server).chatPostMessage,
		"chat.update":           (*Server).chatUpdate,
		"chat.postEphemeral":    (*Server).chatPostEphemeral,
		"chat.delete":           (*Server).chatDelete,
		"chat.getPermalink":     (*Server).chatGetPermalink,
		"conversations.list":    (*Server).conversationsList,
		"conversations.info":    (*Server).conversationsInfo,
		"conversations.join":    (*Server).conversationsJoin,
		"conversations.history": (*Server).conversationsHistory,
		"conversations.replies": (*Server).conversationsReplies,
		"reactions.add":         (*Server).reactionsAdd,
		"users.info":            (*Server).usersInfo,
		"users.lookupByEmail":   (*Server).usersLookupByEmail,
	}
}

func (s *Server) serveMethod(w http.ResponseWriter, r *http.Request, name string) {
	fault := s.takeFault(name)
	if fault != nil && !fault.Lost {
		fault.failed(w)
		return
	}
	if name == "apps.connections.open" { // takes no arguments
		writeJSON(w, http.StatusOK, s.openConnection(r.Header.Get("Authorization")))
		return
	}
	a, err := readArgs(w, r)
	if err != nil {
		writeJSON(w, http.StatusOK, refusal(errInvalidArgument))
		return
	}
	answer := s.call(name, r.Header.Get("Authorization"), a)
	if fault != nil {
		fault.failed(w)
		return
	}
	writeJSON(w, http.StatusOK, answer)
}

func (s *Server) call(name, authorization string, a args) fields {
	if code := s.authorized(authorization, a); code != "" {
		return refusal(code)
	}
	f, known := methods()[name]
	if !known {
		return refusal(errUnknownMethod)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	answer, code := f(s, a)
	if code != "" {
		return refusal(code)
	}
	answer["ok"] = true
	return answer
}

func (s *Server) authorized(authorization string, a args) string {
	token, bearer := strings.CutPrefix(authorization, "Bearer ")
	if !bearer {
		token = a.get("token")
	}
	if token == "" {
		return errNotAuthed
	}
	if subtle.ConstantTimeCompare([]byte(token), []byte(s.opts.BotToken)) != 1 {
		return errInvalidAuth
	}
	return ""
}

func (s *Server) authTest(args) (fields, string) {
	return fields{
		"url":  "https://" + s.opts.TeamDomain + ".slack.com/",
		"team": s.opts.TeamDomain, "team_id": TeamID,
		"user": BotName, "user_id": BotUserID, "bot_id": BotID, "is_enterprise_install": false,
	}, ""
}

// args are the arguments of a method, as a form or as JSON; what is not a
// string in JSON is kept as it was written.
type args map[string]string

func (a args) get(name string) string { return a[name] }

func (a args) has(name string) bool { _, ok := a[name]; return ok }

func (a args) flag(name string) bool { return a[name] == "1" || a[name] == "true" }

func readArgs(w http.ResponseWriter, r *http.Request) (args, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		return nil, fmt.Errorf("read arguments: %w", err)
	}
	a := args{}
	a.addForm(r.URL.Query())
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil && len(body) > 0 {
		return nil, fmt.Errorf("read arguments: content type: %w", err)
	}
	switch {
	case kind == "application/json":
		return a, a.addJSON(body)
	case kind == "application/x-www-form-urlencoded":
		form, err := url.ParseQuery(string(body))
		a.addForm(form)
		return a, err
	case len(body) > 0:
		return nil, errors.New("read arguments: neither a form nor JSON")
	}
	return a, nil
}

func (a args) addForm(form url.Values) {
	for name := range form {
		a[name] = form.Get(name)
	}
}

func (a args) addJSON(body []byte) error {
	var m map[string]json.RawMessage
	if err := json.Unmarshal(body, &m); err != nil {
		return fmt.Errorf("read arguments: %w", err)
	}
	for name, raw := range m {
		var text string
		if json.Unmarshal(raw, &text) != nil {
			text = string(raw)
		}
		a[name] = text
	}
	return nil
}

func refusal(code string) fields { return fields{"ok": false, "error": code} }

func writeJSON(w http.ResponseWriter, status int, v any) {
	body, err := json.Marshal(v)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
