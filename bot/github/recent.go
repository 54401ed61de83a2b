package github

import (
	"slices"
	"sync"
)

// recent remembers the newest of many, to save a look. What it has forgotten
// is looked for.
type recent struct {
	mu    sync.Mutex
	most  int
	ids   map[string]int64
	order []string
}

func newRecent(most int) *recent { return &recent{most: most, ids: map[string]int64{}} }

func (r *recent) get(key string) int64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.ids[key]
}

func (r *recent) put(key string, id int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, ok := r.ids[key]; !ok && !slices.Contains(r.order, key) {
		r.order = append(r.order, key)
	}
	r.ids[key] = id
	if len(r.order) > r.most {
		delete(r.ids, r.order[0])
		r.order = r.order[1:]
	}
}

func (r *recent) drop(key string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.ids, key) // its place in the order runs out by itself
}
