package github

import (
	"encoding/json"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestTheReadmeTellsWhatTheAppNeeds holds the steps by which people register
// the app against what tokens ask for and deliveries are opened: too little,
// and GitHub mints no token or sends no event.
func TestTheReadmeTellsWhatTheAppNeeds(t *testing.T) {
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	have := map[string]string{}
	for _, row := range regexp.MustCompile(`(?m)^ +\| ([A-Z][a-z ]+) \| (read|read and write) \|`).FindAllStringSubmatch(string(text), -1) {
		have[row[1]] = row[2]
	}
	if have["Merge queues"] != "read" {
		t.Error("merge_group is sent only to apps that may read merge queues")
	}
	delete(have, "Merge queues")
	if want := asksFor(t); !maps.Equal(have, want) {
		t.Errorf("README has permissions %v, tokens ask for %v", have, want)
	}
	line := regexp.MustCompile(`Subscribe to: ([a-z, ]+)\.`).FindStringSubmatch(string(text))
	if line == nil {
		t.Fatal("README names no events")
	}
	events := strings.Split(strings.ReplaceAll(line[1], ", ", "\n"), "\n")
	for name := range (opener{}).table() {
		if strings.HasPrefix(name, "installation") {
			continue // every app hears of these
		}
		if !slices.Contains(events, strings.ReplaceAll(name, "_", " ")) {
			t.Errorf("README does not say to subscribe to %s", name)
		}
	}
}

// asksFor is what tokens ask for, by the names on GitHub's pages.
func asksFor(t *testing.T) map[string]string {
	t.Helper()
	text, err := json.Marshal(permissions())
	if err != nil {
		t.Fatal(err)
	}
	var list map[string]string
	if err := json.Unmarshal(text, &list); err != nil {
		t.Fatal(err)
	}
	byPage := map[string]string{}
	for name, access := range list {
		if name == "statuses" {
			name = "commit_statuses"
		}
		name = strings.ReplaceAll(strings.ToUpper(name[:1])+name[1:], "_", " ")
		byPage[name] = map[string]string{"read": "read", "write": "read and write"}[access]
	}
	return byPage
}
