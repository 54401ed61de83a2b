package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/github"
	"github.com/roundtrip-bot/roundtrip/bot/playground"
)

// daysDir holds what the webhooks of some stories said, opened, a line each, for
// the test of handlers that loses, repeats and reorders them.
const daysDir = "../../handlers/testdata/days"

var recordedDays = []string{"push_race", "red_main", "revert", "ten_minutes", "too_big", "who_waited"}

// dayOf is what the webhooks in a folder said of changes, pushes and checks, in
// the order in which they were sent.
func dayOf(hooks string) (string, error) {
	files, err := filepath.Glob(filepath.Join(hooks, "*.json"))
	if err != nil {
		return "", err
	}
	slices.SortFunc(files, func(a, b string) int { return strings.Compare(numberIn(a), numberIn(b)) })
	open := github.Open(playground.AppID)
	var day bytes.Buffer
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			return "", err
		}
		name, _, _ := strings.Cut(filepath.Base(file), ".")
		event, err := open(bot.Letter{Name: name, Body: body})
		if err != nil {
			return "", err
		}
		switch event.(type) {
		case bot.ChangeUpdated, bot.ChangeClosed, bot.CheckReported, bot.Pushed:
			line, err := json.Marshal(event)
			if err != nil {
				return "", err
			}
			fmt.Fprintf(&day, "%s %s\n", strings.TrimPrefix(fmt.Sprintf("%T", event), "bot."), line)
		}
	}
	return day.String(), nil
}

// numberIn the name of a recorded webhook, which is its place in the order.
func numberIn(file string) string { return strings.Split(filepath.Base(file), ".")[1] }

// sameDay holds what a story's webhooks said to what is recorded of them.
func sameDay(t *testing.T, name, day string) {
	t.Helper()
	file := filepath.Join(daysDir, name+".jsonl")
	if *update {
		if err := os.WriteFile(file, []byte(day), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if recorded, err := os.ReadFile(file); err != nil || string(recorded) != day {
		t.Errorf("the webhooks of this story say something else than %s (%v)\nTo accept it: go test ./cmd/roundtrip -run TestStories/%s -update", file, err, name)
	}
}
