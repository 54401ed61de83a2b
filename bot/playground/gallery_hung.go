package playground

import (
	"context"
	"sync"

	"github.com/roundtrip-bot/roundtrip/bot/playground/gallery"
)

// Gallery is what the gallery shows: items, the stylesheet of the bot's own
// pages, and how many of the stories that it is made from were played.
type Gallery struct {
	Items           []gallery.Item
	CSS             string
	Played, Stories int
}

// MakeGallery makes the gallery, and shows what there is of it meanwhile.
type MakeGallery func(ctx context.Context, show func(Gallery)) (Gallery, error)

// hung is a gallery that is made when somebody first looks. Nobody waits for
// it: what is there is shown.
type hung struct {
	mu     sync.Mutex
	make   MakeGallery // nil: there is none
	busy   bool
	whole  bool
	shown  Gallery
	failed error
	stop   context.CancelFunc
	hands  sync.WaitGroup
}

// OnGallery says how the gallery is made.
func (w *World) OnGallery(f MakeGallery) {
	w.gallery.mu.Lock()
	defer w.gallery.mu.Unlock()
	w.gallery.make = f
}

// look answers what there is of the gallery and whether that is all; the
// first look begins it. A failure is told once, and the look after it begins
// again. Who hangs up does not spoil it for the next.
func (h *hung) look(ctx context.Context) (g Gallery, whole bool, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.make == nil || h.whole {
		return h.shown, true, nil
	}
	if h.failed != nil {
		err, h.failed = h.failed, nil
		return h.shown, true, err
	}
	if !h.busy {
		h.busy = true
		ctx, h.stop = context.WithCancel(context.WithoutCancel(ctx))
		h.hands.Go(func() { h.made(h.make(ctx, h.show)) })
	}
	return h.shown, false, nil
}

func (h *hung) show(g Gallery) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.shown = g
}

func (h *hung) made(g Gallery, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.busy, h.failed, h.whole = false, err, err == nil
	if err == nil {
		h.shown = g
	}
}

// leave ends the making and waits until its hands are empty.
func (h *hung) leave() {
	h.mu.Lock()
	if h.stop != nil {
		h.stop()
	}
	h.make = nil
	h.mu.Unlock()
	h.hands.Wait()
}
