package handlers

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// recordedDays are what webhooks said in stories that were played, by the
// stories' names; cmd/roundtrip records them.
func recordedDays(t *testing.T) map[string]*day {
	t.Helper()
	files, err := filepath.Glob("testdata/days/*.jsonl")
	if err != nil || len(files) < 6 {
		t.Fatalf("%d recorded days (%v)", len(files), err)
	}
	days := map[string]*day{}
	for _, file := range files {
		days[strings.TrimSuffix(filepath.Base(file), ".jsonl")] = recordedDay(t, file)
	}
	return days
}

func recordedDay(t *testing.T, file string) *day {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	d := newDay()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		kind, body, _ := strings.Cut(lines.Text(), " ")
		if err := d.record(kind, []byte(body)); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
	}
	i := slices.IndexFunc(d.events, isChange)
	if i < 0 {
		t.Fatalf("%s: nobody changes anything", file)
	}
	first := d.events[i].(bot.ChangeUpdated)
	d.repo, d.first, d.over = first.Change.Ref.Repo, first.Change.Base, true // nothing was merged before, or the file alone
	if pushes := d.to("main"); len(pushes) > 0 {
		d.first = pushes[0].Before
	}
	return d
}

func isChange(e bot.Event) bool {
	_, ok := e.(bot.ChangeUpdated)
	return ok
}

// record an event: what it says last of a thing is how that is at GitHub.
func (d *day) record(kind string, body []byte) (err error) {
	switch kind {
	case "ChangeUpdated":
		var e bot.ChangeUpdated
		err = json.Unmarshal(body, &e)
		d.changes[e.Change.Ref.Number], d.events = e.Change, append(d.events, e)
	case "ChangeClosed":
		var e bot.ChangeClosed
		err = json.Unmarshal(body, &e)
		d.changes[e.Change.Ref.Number], d.events = e.Change, append(d.events, e)
	case "CheckReported":
		var e bot.CheckReported
		err = json.Unmarshal(body, &e)
		d.runs[e.Run.SHA] = append(slices.DeleteFunc(d.runs[e.Run.SHA], func(r bot.CheckRun) bool { return r.ID == e.Run.ID }), e.Run)
		d.events = append(d.events, e)
	case "Pushed":
		var e bot.Pushed
		err = json.Unmarshal(body, &e)
		d.pushes, d.events = append(d.pushes, e), append(d.events, e)
	default:
		err = fmt.Errorf("no day has a %s", kind)
	}
	return err
}
