package fakegithub

import (
	"bytes"
	"testing"
	"time"
)

// How a repository and its owner look is kept no longer than it is so.
func TestWhatIsDrawnIsAsItIsNow(t *testing.T) {
	now := time.Date(2026, 10, 5, 8, 0, 0, 0, time.UTC)
	s := New(Options{Now: func() time.Time { now = now.Add(time.Minute); return now }})
	s.AddRepo("acme/shop", map[string]string{"a": "1\n"})
	r := s.findRepo("acme/shop")
	did := func(_ any, err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	var before []byte
	for _, step := range []func(){
		func() {},
		func() { did(s.Push("acme/shop", "other", "alice", "More", map[string]string{"b": "1\n"})) },
		func() { did(s.Open("acme/shop", NewChange{Branch: "other", Author: "alice", Title: "More"})) },
		func() { did(nil, s.Close("acme/shop", 1, "alice")) },
		func() { s.SetURLs("http://127.0.0.1:7080", "") },
		func() { did(nil, s.Rename("acme/shop", "acme/store", "alice")) },
	} {
		step()
		is := s.drawRepo(r)
		if !bytes.Equal(is, rawOf(s.wireRepo(r))) || !bytes.Equal(s.drawUser(r.owner), rawOf(s.userFields(r.owner))) {
			t.Errorf("it is drawn as it was: %s", is)
		}
		if bytes.Equal(is, before) {
			t.Error("nothing is another than before")
		}
		before = is
	}
}
