package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"sync"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/playground"
	"github.com/roundtrip-bot/roundtrip/bot/playground/story"
)

// steps tell a story line by line: after each the pages show the world as it
// is then, until whoever looks presses Enter. When nobody can any more, the
// story goes on to its end.
type steps struct {
	lines   chan struct{} // one for each Enter; closed at the end of input
	world   *playground.World
	serving sync.WaitGroup
	stop    context.CancelFunc
}

// stepsBy what is typed; nil when a story is told at one go.
func stepsBy(on bool, typed io.Reader) *steps {
	if !on {
		return nil
	}
	s := &steps{lines: make(chan struct{}), stop: func() {}}
	go func() { // it ends with the input, or with the process
		defer close(s.lines)
		for in := bufio.NewScanner(typed); in.Scan(); {
			s.lines <- struct{}{}
		}
	}()
	return s
}

// on a stage: its world has the bot's own pages beside it.
func (s *steps) on(ctx context.Context, stage *story.Stage, out io.Writer, dir string) {
	ctx, s.stop = context.WithCancel(ctx)
	var own net.Listener
	stage.Curves, stage.Commands = true, usages()
	stage.Around = func(w *playground.World) (func() error, error) {
		s.world = w
		w.OnGallery(makeGallery)
		l, err := besides(ctx, strings.TrimPrefix(w.URL, "http://"))
		if err != nil {
			return nil, err
		}
		own = l
		w.SetOwnPages("http://" + l.Addr().String() + "/")
		return l.Close, nil
	}
	open := openerOf(dir, func(a *app) {
		s.world.SetBooks(a.store)
		s.serving.Go(func() { pagesUntil(ctx, own, a.admin) })
	})
	stage.Open = func(ctx context.Context, w *playground.World, watch func(bot.Task, bot.Effect)) (story.Bot, func() error, error) {
		tell := telling(w)
		return open(ctx, w, func(t bot.Task, e bot.Effect) { tell(t, e); watch(t, e) })
	}
	stage.Rests = func(act string) error {
		fmt.Fprintf(out, "> %s\n  look at %s/ - Enter goes on\n", act, s.world.URL)
		select {
		case <-s.lines:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// end lets nobody look any more.
func (s *steps) end() {
	s.stop()
	s.serving.Wait()
}
