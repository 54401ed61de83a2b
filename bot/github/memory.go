package github

import (
	"container/list"
	"net/http"
	"sync"
)

// Bounds of the answers that are remembered, in bytes. What one takes beside its
// body, headers most of all, is reckoned at rememberedBeside.
const (
	rememberedBeside = 4 << 10
	rememberedAll    = 16 << 20
	rememberedOne    = 1 << 20
)

// memory holds answers by installation and request, the least used forgotten
// first. It serves nothing by itself: GitHub is asked each time whether an
// answer is still what it was, and does not count a question that it answers
// with 304.
type memory struct {
	mu   sync.Mutex
	size int
	by   map[wanted]*list.Element
	used *list.List // of *keptAnswer, the latest first
}

func newMemory() *memory { return &memory{by: map[wanted]*list.Element{}, used: list.New()} }

// wanted is a request, whatever token it carries.
type wanted struct {
	installation int64
	url, accept  string
}

type keptAnswer struct {
	wanted
	header   http.Header
	body     []byte
	tag      string
	foretold bool // its tag was what we expect of GitHub
}

func (m *memory) get(w wanted) *keptAnswer {
	m.mu.Lock()
	defer m.mu.Unlock()
	e, ok := m.by[w]
	if !ok {
		return nil
	}
	m.used.MoveToFront(e)
	return e.Value.(*keptAnswer)
}

func (m *memory) put(k *keptAnswer) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e, ok := m.by[k.wanted]; ok {
		m.drop(e)
	}
	m.by[k.wanted] = m.used.PushFront(k)
	for m.size += k.size(); m.size > rememberedAll; {
		m.drop(m.used.Back())
	}
}

func (m *memory) drop(e *list.Element) {
	k := m.used.Remove(e).(*keptAnswer)
	delete(m.by, k.wanted)
	m.size -= k.size()
}

func (k *keptAnswer) size() int { return len(k.body) + len(k.url) + rememberedBeside }
