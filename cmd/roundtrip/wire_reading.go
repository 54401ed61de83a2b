package main

import (
	"sync"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/handlers"
)

// reading compiles a repository's file for the handlers.
type reading func([]byte) (handlers.Settings, []bot.Mistake)

// filesRemembered bounds the texts whose meaning is remembered: those of so
// many repositories at once.
const filesRemembered = 256

// remembered compiles each text once: a file is looked at for every delivery
// and changes seldom, and to read it takes longer than most of what is decided
// by it. What it answers is for all who ask, and nobody may change it.
func remembered(read reading) reading {
	type meaning struct {
		settings handlers.Settings
		mistakes []bot.Mistake
	}
	var mu sync.Mutex
	known := map[string]meaning{}
	return func(text []byte) (handlers.Settings, []bot.Mistake) {
		if text == nil {
			return read(nil) // no file, which is not an empty one
		}
		mu.Lock()
		defer mu.Unlock()
		m, ok := known[string(text)]
		if !ok {
			m.settings, m.mistakes = read(text)
			if len(known) >= filesRemembered {
				clear(known)
			}
			known[string(text)] = m
		}
		return m.settings, m.mistakes
	}
}
