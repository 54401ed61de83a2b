package playground

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeprod"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeslack"
	"github.com/roundtrip-bot/roundtrip/bot/playground/lab"
)

// Options of New.
type Options struct {
	Clock *Clock // nil: one that runs, at this machine's pace
	Addr  string // host:port to listen on; "127.0.0.1:0" when empty
	// Inside: nobody listens. Who is in this process speaks to the world Over,
	// and the world to the bot.
	Inside bool
	Key    *rsa.PrivateKey // of the app; a new one when nil
	// Commands are the usages of the bot's commands, "/deploy [stage]": the
	// page offers them where people write.
	Commands []string
}

// World is the pretend world. Its peers may be moved and looked at directly;
// the bot reaches them by HTTP alone.
type World struct {
	GitHub *fakegithub.Server
	Slack  *fakeslack.Server
	Prod   *fakeprod.Target
	Load   *fakeprod.Load // people in production
	URL    string         // of the world, without a slash at its end
	// SocketMode lets the bot hear Slack over a connection of its own.
	SocketMode bool
	// Polled has the bot ask GitHub what it sent, once a second.
	Polled bool

	commands []string
	happened happenings
	calls    calls
	series   series
	lab      *lab.Lab
	gallery  hung
	clock    *Clock
	key      *rsa.PrivateKey
	server   *http.Server
	inside   bool // nobody listens
	mu       sync.Mutex
	bot      http.Handler
	books    Books        // nil while there is no bot
	kill     func() error // ends the bot and begins another; nil: it cannot
	kills    int
	broken   map[string]bool // by the names of breaks
	thrown   time.Time       // when a switch of GitHub's was last
	asked    int             // commands and presses in Slack that the bot accepted
	done     map[string]bool // deliveries that are known to be worked on
	own      string          // address of the bot's own pages
	rps      float64
	tour     tour
	more     float64 // requests a second straight to the canary
	blind    bool    // the canary's /metrics does not answer
}

// Where the peers stand below the world's URL.
const (
	githubPath = "/stand-in/github"
	slackPath  = "/stand-in/slack"
	targetPath = "/stand-in/cd"
	shopPath   = "/shop/" // and the environment
)

// peerNames are what people call the stand-ins.
var peerNames = map[string]string{githubPath: "GitHub", slackPath: "Slack", targetPath: "Deploy target"}

// New listens and opens an empty world: no repository yet, nobody in it.
func New(ctx context.Context, o Options) (*World, error) {
	url, l, err := o.listen(ctx)
	if err != nil {
		return nil, err
	}
	key := o.Key
	if key == nil {
		if key, err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
			return nil, fmt.Errorf("make the app's key: %w", err)
		}
	}
	if o.Clock == nil {
		o.Clock = RunningClock()
	}
	w := &World{URL: url, inside: o.Inside, clock: o.Clock, key: key, commands: o.Commands}
	w.lab = lab.New(w.Now)
	w.series.counts, w.series.told = map[string][]count{}, map[string]bool{}
	site := w.URL // in stories what people see must not hold a port of chance
	if o.Clock.Speed() == 0 {
		site = "https://github.example"
	}
	var client *http.Client
	if o.Inside {
		client = &http.Client{Transport: w.Over()}
	}
	w.GitHub = fakegithub.New(fakegithub.Options{
		Site: site,
		Now:  w.Now, Auth: time.Now, URL: w.URL + githubPath, AppID: AppID, AppSlug: "roundtrip", PublicKey: &key.PublicKey,
		WebhookURL: w.URL + "/hooks/github", WebhookSecret: webhookSecret, Client: client,
	})
	w.Slack = fakeslack.New(fakeslack.Options{
		Now: w.Now, SigningSecret: signingSecret, BotToken: botToken, AppToken: appToken, URL: w.URL + slackPath,
		CommandURL: w.URL + "/hooks/slack/commands", InteractionsURL: w.URL + "/hooks/slack/interactions", Client: client,
	})
	w.server = &http.Server{Handler: w.routes(), ReadHeaderTimeout: 5 * time.Second}
	if l != nil {
		go func() { _ = w.server.Serve(l) }() // it ends by Close
	}
	return w, nil
}

// listen where the world is, or say where it would be.
func (o Options) listen(ctx context.Context) (url string, l net.Listener, err error) {
	if o.Inside {
		return "http://127.0.0.1:7080", nil, nil
	}
	if o.Addr == "" {
		o.Addr = "127.0.0.1:0"
	}
	if l, err = (&net.ListenConfig{}).Listen(ctx, "tcp", o.Addr); err != nil {
		return "", nil, err
	}
	return "http://" + l.Addr().String(), l, nil
}

// Now is the world's time.
func (w *World) Now() time.Time { return w.clock.Now() }

// Clock is what the world goes by; the bot beside it takes its time from it.
func (w *World) Clock() *Clock { return w.clock }

func (w *World) routes() http.Handler {
	mux := http.NewServeMux()
	target := http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { w.Prod.ServeHTTP(rw, r) })
	for path, h := range map[string]http.Handler{githubPath: w.GitHub, slackPath: w.Slack, targetPath: target} {
		if !w.inside { // nobody is there who could look at it
			h = w.watched(peerNames[path], h)
		}
		mux.Handle(path+"/", http.StripPrefix(path, h))
	}
	mux.HandleFunc(shopPath+"{environment}/", w.shop)
	for _, path := range []string{"/hooks/", "/healthz", "/readyz"} {
		mux.HandleFunc(path, w.toBot)
	}
	if !w.inside {
		w.pages(mux)
	}
	return mux
}

// Close ends the world.
func (w *World) Close() {
	_ = w.server.Close() // who still asks gets no answer
	w.gallery.leave()
	if w.Prod != nil {
		w.Prod.Close()
	}
}
