package fakegithub

import (
	"crypto/rsa"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"
)

// Options say what the pretend GitHub knows from the start.
type Options struct {
	Now           func() time.Time  // time.Now when nil
	Auth          func() time.Time  // judges JWTs and tokens, where the bot's own clock is not the story's; Now when nil
	URL           string            // how the bot reaches our API, without a slash at the end
	Site          string            // where people look, for html_url; URL when empty
	AppID         int64             // 1 when 0
	AppSlug       string            // "roundtrip" when empty; the bot's login is AppSlug+"[bot]"
	Permissions   map[string]string // what the app is given: checks, contents, deployments, issues and so on, when nil
	Properties    map[string]any    // custom properties of every repository, as organizations set them; some clients stumble over lists
	PublicKey     *rsa.PublicKey    // verifies the app's JWT; nil accepts any well-formed one
	WebhookURL    string            // where webhooks go
	WebhookSecret string            // signs them
	Client        *http.Client      // sends them; http.DefaultClient when nil
}

// Server is the pretend GitHub. It is safe for concurrent use.
type Server struct {
	mu     sync.Mutex
	opts   Options
	routes []route
	ids    map[string]int64 // the newest id given out, by kind
	users  map[string]*user // by login in lower case
	bot    *app             // ours
	ci     *app             // the fake CI
	insts  []*installation
	repos  []*repo
	tokens map[string]*token
	// onDispatch decides what becomes of a dispatched run; nil: it is queued.
	onDispatch func(Dispatch) (conclusion string)
	// renamed are the names that repositories had before, in lower case.
	renamed map[string]*repo

	hooks    []*delivery // all that ever were, in the order of their queueing
	done     int         // of hooks: so many at the front wait no more
	held     bool
	rough    Rough
	chance   *rand.Rand    // of rough ways
	way      time.Duration // that each request takes besides
	worn     int           // after so many requests a token is refused; 0: it holds its hour
	wake     chan struct{}
	requests map[string]int
	hourly   int // how many an installation has an hour; 0: plenty
	writes   []Write
	faults   []*Fault
	record   io.Writer
	hookDir  string
	// recordErr is the first that recording met.
	recordErr error
}

// New makes a world without repositories.
func New(o Options) *Server {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Auth == nil {
		o.Auth = o.Now
	}
	if o.Client == nil {
		o.Client = http.DefaultClient
	}
	if o.AppID == 0 {
		o.AppID = 1
	}
	if o.AppSlug == "" {
		o.AppSlug = "roundtrip"
	}
	if o.Permissions == nil {
		o.Permissions = permissions
	}
	if o.Properties == nil {
		o.Properties = map[string]any{}
	}
	s := &Server{
		opts: o, ids: map[string]int64{}, users: map[string]*user{}, tokens: map[string]*token{}, renamed: map[string]*repo{},
		requests: map[string]int{}, wake: make(chan struct{}, 1), chance: rand.New(rand.NewPCG(1, 1)),
	}
	s.bot = &app{id: o.AppID, slug: o.AppSlug, user: s.addUser(o.AppSlug+"[bot]", "Bot"), made: s.now()}
	s.ci = &app{id: o.AppID + 1, slug: "ci", user: s.addUser("ci[bot]", "Bot"), made: s.now()}
	s.routes = routes()
	return s
}

// SetURLs says where we are and where the bot's webhooks go, once both
// listen. An empty one is left as it was.
func (s *Server) SetURLs(own, webhook string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if own != "" {
		s.opts.URL = strings.TrimSuffix(own, "/")
	}
	if webhook != "" {
		s.opts.WebhookURL = webhook
	}
}

// CIApp is the id of the app that runs checks and is not the bot.
func (s *Server) CIApp() int64 { return s.ci.id }

// BotLogin is the login under which the bot writes: "roundtrip[bot]".
func (s *Server) BotLogin() string { return s.bot.user.login }

// now is the world's time, in whole seconds as GitHub keeps it.
func (s *Server) now() time.Time { return s.opts.Now().UTC().Truncate(time.Second) }

// api is the URL of a path of ours.
func (s *Server) api(path string) string {
	if s.opts.URL == "" {
		return "https://api.github.com" + path
	}
	return s.opts.URL + path
}

// site is the address of a page for people.
func (s *Server) site(path string) string {
	switch {
	case s.opts.Site != "":
		return s.opts.Site + path
	case s.opts.URL != "":
		return s.opts.URL + path
	}
	return "https://github.com" + path
}

// nextID counts up by kind. Kinds start far apart, so that an id used for the
// wrong kind of thing is not found.
func (s *Server) nextID(kind string) int64 {
	s.ids[kind]++
	return firstID[kind] + s.ids[kind]
}

var firstID = map[string]int64{
	"user": 500, "repo": 1000, "installation": 7000, "issue": 20000, "pull": 30000, "comment": 40000,
	"run": 100000, "suite": 200000, "status": 300000, "deployment": 400000, "deployment_status": 450000,
	"reaction": 500000, "activity": 600000, "delivery": 700000, "guid": 700000,
	"label": 800000, "workflow_run": 950000, "review": 850000, "ruleset": 900000,
}
