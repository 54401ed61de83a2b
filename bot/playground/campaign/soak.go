package campaign

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"regexp"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground/bench"
	"github.com/roundtrip-bot/roundtrip/bot/playground/fakegithub"
)

// Soak sends a server webhooks of the same open changes again and again, each
// about something new, and watches its memory. They are sent beside the pretend
// GitHub, which would grow by them.
type Soak struct {
	Pace
	Server *Process
	Stream bench.Stream // without an event

	sent atomic.Int64
}

// Open so many changes, and wait until nothing is left to do for them.
func (s *Soak) Open(ctx context.Context, changes int) error {
	if _, _, err := s.Changes(ctx, changes, 0); err != nil {
		return err
	}
	return s.Rest(ctx)
}

// Rest waits until nothing is left to do.
func (s *Soak) Rest(ctx context.Context) error {
	return Campaign{Serve: s.Serve, Books: s.Books, Patience: s.Patience}.calm(ctx)
}

var (
	additions = regexp.MustCompile(`"additions":\d+`)
	stamps    = regexp.MustCompile(`"(created|updated)_at":"[^"]*"`)
	commentID = regexp.MustCompile(`#issuecomment-(\d+)`)
)

// Ready are n webhooks that say of the changes that they are ready, and of
// another size each time: each is judged, and has its verdict written anew.
func (s *Soak) Ready(n int) iter.Seq[[]byte] {
	return s.anew("pull_request", "opened", n, func(body []byte, i int64) []byte {
		body = bytes.Replace(body, []byte(`"action":"opened"`), []byte(`"action":"ready_for_review"`), 1)
		return additions.ReplaceAll(body, fmt.Appendf(nil, `"additions":%d`, 1+i%90))
	})
}

// Commands are n webhooks of comments with a command, which cannot be carried
// out without asking GitHub.
func (s *Soak) Commands(n int) iter.Seq[[]byte] {
	return s.anew("issue_comment", "created", n, func(body []byte, i int64) []byte {
		id := commentID.FindSubmatch(body)
		if id == nil {
			return body
		}
		return bytes.ReplaceAll(body, id[1], strconv.AppendInt(nil, 1e9+i, 10))
	})
}

// anew are n webhooks like those that came, one after the other, as of now.
func (s *Soak) anew(event, action string, n int, change func([]byte, int64) []byte) iter.Seq[[]byte] {
	var like [][]byte
	for _, d := range s.Serve.World.GitHub.Deliveries() {
		if d.Event == event && d.Action == action && d.Status/100 == 2 && !bytes.Contains(d.Body, []byte(`"type":"Bot"`)) {
			like = append(like, d.Body)
		}
	}
	return func(yield func([]byte) bool) {
		for range n {
			i := s.sent.Add(1)
			now := fmt.Appendf(nil, `"${1}_at":"%s"`, s.Serve.World.Now().UTC().Format(time.RFC3339))
			if len(like) == 0 || !yield(stamps.ReplaceAll(change(like[i%int64(len(like))], i), now)) {
				return
			}
		}
	}
}

// Send them, and say how long they took.
func (s *Soak) Send(ctx context.Context, event string, bodies iter.Seq[[]byte]) (bench.Took, error) {
	s.Stream.Event = event
	return s.Stream.Send(ctx, s.Server.URL+"/hooks/github", bodies)
}

// soakChunk are sent before it is looked how much of it waits.
const soakChunk = 1000

// Long sends and works on so many, as fast as they are worked on, and answers
// the memory after each thousand. At last nothing is left to do, effects included.
func (s *Soak) Long(ctx context.Context, events int) (memory []int64, refused int, err error) {
	err = s.beside(ctx, func(db Reader) error {
		for left := events; left > 0; left -= soakChunk {
			took, err := s.Send(ctx, "pull_request", s.Ready(min(left, soakChunk)))
			if err != nil {
				return err
			}
			refused += took.Refused()
			if err := s.until(ctx, db, func(letters, effects int) bool { return letters+effects < soakChunk }); err != nil {
				return err
			}
			m, err := s.Server.Memory()
			if err != nil {
				return err
			}
			memory = append(memory, m)
		}
		return nil
	})
	return memory, refused, errors.Join(err, s.Rest(ctx))
}

// beside opens the database for f: whoever looks again and again counts anew
// what is over as seldom as serve does.
func (s *Soak) beside(ctx context.Context, f func(Reader) error) error {
	db, err := s.Books(ctx)
	if err != nil {
		return err
	}
	return errors.Join(f(db), db.Close())
}

// until so many deliveries and effects wait.
func (s *Soak) until(ctx context.Context, db Reader, enough func(letters, effects int) bool) error {
	for end := time.Now().Add(s.Patience); time.Now().Before(end) && ctx.Err() == nil; time.Sleep(50 * time.Millisecond) {
		letters, effects, err := waiting(ctx, db)
		if err != nil || enough(letters, effects) {
			return err
		}
	}
	return errors.Join(context.Cause(ctx), fmt.Errorf("too much waits after %s", s.Patience))
}

// waiting are the deliveries that were not worked on yet, timers included, and
// the effects that were not carried out.
func waiting(ctx context.Context, db Reader) (letters, effects int, err error) {
	inbox, outbox, err := db.Count(ctx)
	return inbox["new"] + inbox["ready"] + inbox["handling"], outbox["waiting"] + outbox["performing"], err
}

// Queued is what waits for a GitHub that does not answer.
type Queued struct {
	Letters, Effects int
	Peak             int64 // of the memory meanwhile
	Refused          int
}

// Queue lets so many commands wait for a GitHub that does not answer.
func (s *Soak) Queue(ctx context.Context, n int) (q Queued, err error) {
	s.Serve.World.GitHub.Fail(fakegithub.Fault{Route: "*", Status: 502})
	if err := s.Server.Low(); err != nil {
		return q, err
	}
	for left := n; left > 0; left -= soakChunk {
		took, err := s.Send(ctx, "issue_comment", s.Commands(min(left, soakChunk)))
		if err != nil {
			return q, err
		}
		q.Refused += took.Refused()
	}
	return q, s.look(ctx, &q)
}

// Again is what the next process has of that queue, which hears so many more and
// goes on for so long.
func (s *Soak) Again(ctx context.Context, n int, last time.Duration) (q Queued, err error) {
	took, err := s.Send(ctx, "issue_comment", s.Commands(n))
	if err != nil {
		return q, err
	}
	q.Refused = took.Refused()
	select {
	case <-time.After(last):
	case <-ctx.Done():
		return q, context.Cause(ctx)
	}
	return q, s.look(ctx, &q)
}

// look what waits, and what memory that took.
func (s *Soak) look(ctx context.Context, q *Queued) error {
	return s.beside(ctx, func(db Reader) (err error) {
		if q.Letters, q.Effects, err = waiting(ctx, db); err != nil {
			return err
		}
		q.Peak, err = s.Server.Peak()
		return err
	})
}

// Median of some memory.
func Median(memory []int64) int64 {
	if len(memory) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(memory))
	return sorted[len(sorted)/2]
}
