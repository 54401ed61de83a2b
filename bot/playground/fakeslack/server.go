package fakeslack

import (
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// Options say what the pretend Slack knows from the start.
type Options struct {
	Now             func() time.Time // time.Now when nil
	SigningSecret   string           // signs what is sent to the bot
	BotToken        string           // what the bot must show, "xoxb-…"
	AppToken        string           // what it must show for Socket Mode, "xapp-…"; empty: there is none
	URL             string           // how the bot reaches us, "http://127.0.0.1:7081", without a slash at the end
	CommandURL      string           // where slash commands go
	InteractionsURL string           // where button presses go
	TeamDomain      string           // "acme" when empty
	Client          *http.Client     // sends commands; http.DefaultClient when nil
}

// Fixed identities of the one workspace and the one app.
const (
	TeamID    = "T000000001"
	AppID     = "A0ROUNDTRIP"
	BotID     = "B0ROUNDTRP"
	BotUserID = "U0ROUNDTRP"
	BotName   = "roundtrip"
)

// Server is the pretend Slack. It is safe for concurrent use.
type Server struct {
	mu        sync.Mutex
	opts      Options
	lastTS    int64 // microseconds, of the newest timestamp given out
	lastID    int   // of the newest command or press
	channels  []*channel
	people    []Person
	whispers  []Message // ephemeral messages
	responses map[string]*response
	posted    []posted
	idle      []string // writes after which all was as it had been
	requests  map[string]int
	faults    []*Fault
	sockets   []*socket
	tickets   map[string]bool // for sockets that are not open yet
	opened    int             // sockets that ever were
	frames    []Frame         // the newest
	lastFrame int
}

// New makes a workspace without channels and people.
func New(o Options) *Server {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Client == nil {
		o.Client = http.DefaultClient
	}
	if o.TeamDomain == "" {
		o.TeamDomain = "acme"
	}
	return &Server{opts: o, responses: map[string]*response{}, requests: map[string]int{}, tickets: map[string]bool{}}
}

// SetURLs says where we are and where the bot is, once both listen. An empty
// one is left as it was.
func (s *Server) SetURLs(own, commands, interactions string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, set := range []struct {
		field *string
		url   string
	}{{&s.opts.URL, own}, {&s.opts.CommandURL, commands}, {&s.opts.InteractionsURL, interactions}} {
		if set.url != "" {
			*set.field = strings.TrimSuffix(set.url, "/")
		}
	}
}

// ServeHTTP answers the Web API and the response URLs.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if name, ok := strings.CutPrefix(r.URL.Path, "/api/"); ok {
		s.serveMethod(w, r, name)
		return
	}
	if id, ok := strings.CutPrefix(r.URL.Path, "/response/"); ok {
		s.serveResponse(w, r, id)
		return
	}
	if ticket, ok := strings.CutPrefix(r.URL.Path, "/socket/"); ok {
		s.serveSocket(w, r, ticket)
		return
	}
	http.NotFound(w, r)
}

// Requests counts the requests the bot made since the start or the last
// ResetRequests.
func (s *Server) Requests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	sum := 0
	for _, n := range s.requests {
		sum += n
	}
	return sum
}

// RequestsTo counts the requests to one method, "chat.postMessage", or to
// response URLs, "response".
func (s *Server) RequestsTo(method string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.requests[method]
}

// Idle lists the writes after which all was as it had been: a message edited to
// what it said, a reaction that was there.
func (s *Server) Idle() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.idle)
}

// ResetRequests begins to count again.
func (s *Server) ResetRequests() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.requests)
}
