package words_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/roundtrip-bot/roundtrip/bot"
)

var update = flag.Bool("update", false, "write the golden files anew")

// message is one that people get, and what must stand in it: the number, the
// rule, and the next thing to do.
type message struct {
	when string
	text string
	must []string
}

// page is all that is said of one kind of thing, as one golden file.
func page(t *testing.T, file string, messages []message) {
	t.Helper()
	var b strings.Builder
	for _, m := range messages {
		fmt.Fprintf(&b, "==== %s\n%s\n", m.when, strings.TrimRight(m.text, "\n"))
		for _, must := range m.must {
			if !strings.Contains(m.text, must) {
				t.Errorf("%s: does not say %q:\n%s", m.when, must, m.text)
			}
		}
		if n := count(m.text); n > 80 {
			t.Errorf("%s: %d words are more than a tired person reads:\n%s", m.when, n, m.text)
		}
	}
	golden(t, file, b.String())
}

// count of the words that people read. Tables and signs are looked at, a
// notification repeats the message, and what is folded is for who doubts.
func count(text string) (n int) {
	text, _, _ = strings.Cut(text, "<details>")
	for _, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(line, "|") || strings.HasPrefix(line, "(") {
			continue
		}
		for _, word := range strings.Fields(line) {
			if strings.ContainsFunc(word, func(r rune) bool { return r >= '0' && r <= '9' || r >= 'A' && r <= 'z' && r != '`' }) {
				n++
			}
		}
	}
	return n
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	file = filepath.Join("../../testdata/golden/words", file)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (look, then go test ./bot/words -update): %s", file, diff)
	}
}

// chat is a message as a page shows it: its notification, then its blocks.
func chat(text string, blocks []bot.Block) string {
	lines := []string{"(" + text + ")"}
	for _, block := range blocks {
		if block.Text != "" {
			lines = append(lines, block.Text)
		}
		for _, field := range block.Fields {
			lines = append(lines, "| "+strings.ReplaceAll(field, "\n", " / "))
		}
		for _, button := range block.Buttons {
			lines = append(lines, "["+button.Label+"]")
		}
	}
	return strings.Join(lines, "\n")
}
