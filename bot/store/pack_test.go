package store

import (
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// What is heard and what is fetched is written packed, and one body that cannot
// be read holds up no other.
func TestBodiesArePacked(t *testing.T) {
	s := open(t, file(t), nil)
	body := []byte(strings.Repeat(`{"number":1}`, 1000))
	if _, err := s.Hear(t.Context(), bot.Letter{ID: "heard", Source: "github", Name: "push", Body: body}); err != nil {
		t.Fatal(err)
	}
	err := s.inTx(t.Context(), "fetch", nil, func(tx txn) error {
		return hearLetters(t.Context(), tx, []bot.Letter{{ID: "fetched", Source: "github", Name: "push", Body: body}, {ID: "next", Source: "github", Name: "push", Body: body}}, time.Unix(1, 0))
	})
	if err != nil {
		t.Fatal(err)
	}
	var n, most int
	if err := s.read.QueryRowContext(t.Context(), `SELECT COUNT(*), MAX(length(body)) FROM inbox WHERE coding = 's2'`).Scan(&n, &most); err != nil || n != 3 || most > len(body)/4 {
		t.Errorf("%d are packed, of %d bytes at most: %v", n, most, err)
	}
	for _, c := range [][2]string{{"heard", `coding = 's9'`}, {"fetched", `body = x'ffffff'`}} {
		id, change := c[0], c[1]
		if _, err := s.write.ExecContext(t.Context(), `UPDATE inbox SET `+change+` WHERE id = $1`, id); err != nil {
			t.Fatal(err)
		}
		l, ok, err := s.NextNew(t.Context())
		if err != nil || !ok || l.ID != id || l.Fault == "" || len(l.Body) > 0 {
			t.Errorf("%s: %+v (%v, %v)", id, l, ok, err)
		}
		l.State = bot.LetterFailed
		if err := s.Sort(t.Context(), l); err != nil {
			t.Fatal(err)
		}
	}
	if l, ok, err := s.NextNew(t.Context()); err != nil || !ok || l.ID != "next" || string(l.Body) != string(body) {
		t.Errorf("after them: %s (%v, %v)", l.ID, ok, err)
	}
}
