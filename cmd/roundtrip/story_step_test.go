package main

import (
	"bufio"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var looks = regexp.MustCompile(`look at (http://127\.0\.0\.1:\d+)/ - Enter goes on`)

// TestAStoryByStep: after each line the pages show the world as it is then, the
// bot's own beside it, until Enter; and when nobody types any more the story
// ends as always.
func TestAStoryByStep(t *testing.T) {
	file := filepath.Join(t.TempDir(), "short.txt")
	text := "> 150 requests a second\n> @alice opens #1 \"Add gift wrapping\" +14 -3\n< check #1 roundtrip / batch success: 17 lines - on target\n< check #1 roundtrip / main neutral: Nothing is known against main\n> after 5s\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	typed, enter := io.Pipe()
	told, out := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		ended <- tell(t.Context(), environment{stdout: out}, file, toldHow{steps: stepsBy(true, typed)})
		_ = out.Close()
	}()
	lines := bufio.NewScanner(told)
	rest := func() string {
		for lines.Scan() {
			if m := looks.FindStringSubmatch(lines.Text()); m != nil {
				return m[1]
			}
		}
		t.Fatalf("it does not rest: %v", <-ended)
		return ""
	}
	base := rest()
	if strings.Contains(get(t, base+"/"), "Add gift wrapping") {
		t.Error("the change is there before its line")
	}
	_, _ = io.WriteString(enter, "\n")
	page := get(t, rest()+"/")
	if !strings.Contains(page, "17 lines - on target") {
		t.Error("what followed from a line is not shown after it")
	}
	if !strings.Contains(page, `<option value="/deploy">`) {
		t.Error("no command is offered where people write")
	}
	own := regexp.MustCompile(`href="(http://127[^"]+)">The bot&#39;s own pages`).FindStringSubmatch(page)
	if own == nil || !strings.Contains(get(t, own[1]), "Add gift wrapping") {
		t.Errorf("the bot's own pages at %v do not show the change", own)
	}
	_, _ = io.WriteString(enter, "\n")
	if page := get(t, rest()+"/"); !strings.Contains(page, "There is no canary.") {
		t.Error("production has no curves")
	}
	_ = enter.Close()
	if mistakes := playgroundMistakes("127.0.0.1:0", "", false, true); len(mistakes) != 1 || mistakes[0].String() != "--step: goes with --story; name the story, or leave --step out" {
		t.Errorf("--step alone: %v", mistakes)
	}
	var transcript strings.Builder
	for lines.Scan() {
		transcript.WriteString(lines.Text() + "\n")
	}
	if err := <-ended; err != nil || transcript.String() != text {
		t.Errorf("it ended with %v and told\n%s", err, transcript.String())
	}
}
