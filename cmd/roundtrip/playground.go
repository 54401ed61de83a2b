package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/config"
	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/handlers"
)

func playgroundCommand(env environment) *cobra.Command {
	var o struct {
		addr, story                  string
		noOpen, update, socket, step bool
	}
	c := &cobra.Command{
		Use: "playground", Short: "Try it: the bot with a pretend GitHub, Slack and shop, offline", Args: cobra.ArbitraryArgs,
		Long: "Run the bot in a pretend world: a GitHub, a Slack, a CI and a tiny shop that speak real HTTP on this\nmachine. No account, no network, nothing to set up; all is gone when it ends.",
		RunE: func(c *cobra.Command, args []string) error {
			if mistakes := append(env.asked(c, args, 0, ""), playgroundMistakes(o.addr, o.story, o.update, o.step)...); len(mistakes) > 0 {
				return usage{mistakes}
			}
			if o.story != "" {
				return tell(c.Context(), env, o.story, toldHow{update: o.update, steps: stepsBy(o.step, c.InOrStdin())})
			}
			return play(c.Context(), env, o.addr, !o.noOpen, o.socket)
		},
	}
	c.Flags().StringVar(&o.addr, "addr", "127.0.0.1:7080", "host:port of its page; loopback only")
	c.Flags().BoolVar(&o.noOpen, "no-open", false, "do not open a browser")
	c.Flags().BoolVar(&o.socket, "socket", false, "let the bot hear Slack over Socket Mode; the inspector shows the frames")
	c.Flags().StringVar(&o.story, "story", "", "play this story on a clock of its own, print the transcript, and exit 1 at the first difference")
	c.Flags().BoolVar(&o.step, "step", false, "with --story: after each line of what the world does, show the pages as they are then, until Enter")
	c.Flags().BoolVar(&o.update, "update", false, "with --story: write the effects that were seen into the file")
	return c
}

func playgroundMistakes(addr, story string, update, step bool) (mistakes []bot.Mistake) {
	host, _, err := net.SplitHostPort(addr)
	switch ip := net.ParseIP(host); {
	case err != nil:
		mistakes = append(mistakes, wrong("addr", fmt.Sprintf("%q is not a host and a port", addr), "write --addr 127.0.0.1:7080"))
	case host != "localhost" && (ip == nil || !ip.IsLoopback()):
		mistakes = append(mistakes, wrong("addr", host+" is not this machine alone; the playground guards nothing", "write --addr 127.0.0.1:7080"))
	}
	if update && story == "" {
		mistakes = append(mistakes, wrong("update", "goes with --story", "name the story, or leave --update out"))
	}
	if step && story == "" {
		mistakes = append(mistakes, wrong("step", "goes with --story", "name the story, or leave --step out"))
	}
	if story != "" {
		if _, err := os.Stat(story); err != nil {
			mistakes = append(mistakes, wrong("story", story+" cannot be read", "testdata/stories holds some"))
		}
	}
	return mistakes
}

// visitors of the shop, in requests a second: enough to tell a canary's
// failures within half a minute.
const visitors = 150

// play runs the world and the bot until ctx ends, and leaves nothing behind.
func play(ctx context.Context, env environment, addr string, browser, socket bool) (err error) {
	dir, gone, err := scratch("playground")
	if err != nil {
		return err
	}
	defer gone(&err)
	w, err := playground.New(ctx, playground.Options{Addr: addr, Commands: usages()})
	if err != nil {
		return calledOff(ctx, usage{[]bot.Mistake{wrong("addr", fmt.Sprintf("cannot listen on %s: %v", addr, cause(err)), "choose another, as in --addr 127.0.0.1:7090")}})
	}
	defer w.Close()
	w.SocketMode = socket
	log := slog.New(slog.NewTextHandler(env.stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	bot := newWorker(w, sqliteIn(dir, "playground"), around{log: log, watch: telling(w)})
	own, err := furnish(ctx, w, bot)
	if err != nil {
		return errors.Join(calledOff(ctx, err), bot.end())
	}
	fmt.Fprintf(env.stdout, "The playground is open at %s/ - write /deploy on the change.\nCtrl-C ends it and leaves nothing behind.\n", w.URL)
	if browser {
		openBrowser(ctx, w.URL+"/")
	}
	inhabit(ctx, w, own, bot)
	return bot.end()
}

// furnish puts into a world the shop, the bot with the address of its own
// pages, and the two changes that wait.
func furnish(ctx context.Context, w *playground.World, bot *worker) (net.Listener, error) {
	if err := w.Found(playground.LiveFile); err != nil { //nolint:contextcheck // versions of the shop live until the world ends
		return nil, err
	}
	own, err := besides(ctx, strings.TrimPrefix(w.URL, "http://"))
	if err != nil {
		return nil, err
	}
	w.SetOwnPages("http://" + own.Addr().String() + "/")
	w.OnGallery(makeGallery)
	w.OnKill(func() error { return bot.kill(ctx) })
	if err = bot.begin(ctx); err == nil {
		err = w.OpenTwo()
	}
	if err != nil {
		return nil, errors.Join(err, own.Close())
	}
	return own, nil
}

// inhabit is the world's life until ctx ends.
func inhabit(ctx context.Context, w *playground.World, own net.Listener, bot *worker) {
	w.Clock().Skip(time.Minute) // what has just been pushed nobody is taken to have seen
	var working sync.WaitGroup
	pages := func(ctx context.Context) { pagesUntil(ctx, own, http.HandlerFunc(bot.pages)) }
	shopping := func(ctx context.Context) { w.RunLoad(ctx, visitors) }
	for _, f := range []func(context.Context){w.GitHub.Run, w.RunCI, w.RunSeries, shopping, pages} {
		working.Go(func() { f(ctx) })
	}
	working.Wait()
}

// usages are what the page offers where people write.
func usages() (list []string) {
	for _, c := range handlers.Commands() {
		list = append(list, c.Usage)
	}
	return list
}

// openFor puts the bot together by the settings of a world, read as serve
// reads them.
func openFor(ctx context.Context, w *playground.World, database string, a around) (*app, error) {
	s, err := settingsFor(w, database)
	if err != nil {
		return nil, err
	}
	return assemble(ctx, s, a)
}

func settingsFor(w *playground.World, database string) (config.Server, error) {
	return settingsIn(w, w.Settings(database))
}

func settingsIn(w *playground.World, environ map[string]string) (config.Server, error) {
	s, mistakes := config.LoadServer(environ, "playground.yml",
		func(string) ([]byte, error) { return w.File(), nil })
	if len(mistakes) > 0 {
		return s, usage{mistakes}
	}
	return s, nil
}

// openBrowser tries to; whoever has none reads the address.
func openBrowser(ctx context.Context, url string) {
	name := "xdg-open"
	if runtime.GOOS == "darwin" {
		name = "open"
	}
	if path, err := exec.LookPath(name); err == nil {
		_ = exec.CommandContext(ctx, path, url).Start() //nolint:gosec // our own loopback address
	}
}
