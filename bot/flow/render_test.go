package flow_test

import (
	"encoding/csv"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/bot/flow"
)

var update = flag.Bool("update", false, "write the golden files anew")

// busy is the golden week with what stands around it: merged changes, a red
// main, a canary that was caught, a failure that is not made good.
func busy(t *testing.T) flow.Report {
	t.Helper()
	facts := readGolden(t).facts(t, true)
	monday := goldenPeriod().From
	for i, lines := range []int{3, 12, 48, 130, 260, 4000, 0} {
		facts = append(facts, bot.NewFact("change.merged", shop, "", monday.Add(time.Duration(i)*7*time.Hour), map[string]any{
			"number": i + 1, "lines": lines, "bot": lines == 4000, "merged": monday.Add(time.Duration(i) * 7 * time.Hour), "author": "amy",
		}))
	}
	broke := func(n int, from time.Time, minutes int) {
		facts = append(facts, bot.NewFact("main.broke", shop, "main", from, map[string]any{"branch": "main", "number": n}))
		if minutes > 0 {
			facts = append(facts, bot.NewFact("main.healed", shop, "main", from.Add(time.Duration(minutes)*time.Minute), map[string]any{"branch": "main", "number": n, "broke": from}))
		}
	}
	broke(1, monday.Add(-30*time.Minute), 40)
	broke(2, monday.Add(30*time.Hour), 8)
	broke(3, monday.Add(50*time.Hour), 25)
	broke(4, monday.Add(7*24*time.Hour-15*time.Minute), 0)
	served := map[string]any{"service": "shop", "environment": "production", "stage": "canary", "rollout": "R9", "served": true, "blamed": true}
	facts = append(facts, bot.NewFact("rollout.failed", shop, "R9", monday.Add(60*time.Hour), served),
		bot.NewFact("release.failed", shop, "D8", monday.Add(130*time.Hour), map[string]any{"rollout": "D8", "from": "mark"}))
	return flow.New(flow.FromFacts(facts), goldenPeriod())
}

func empty() flow.Report { return flow.New(flow.History{}, goldenPeriod()) }

func TestGolden(t *testing.T) {
	for name, r := range map[string]flow.Report{"busy": busy(t), "quiet": empty()} {
		text, blocks := flow.Slack(r)
		chat, err := json.MarshalIndent(map[string]any{"text": text, "blocks": blocks}, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		check(t, name+".txt", flow.Text(r))
		check(t, name+".md", flow.Markdown(r))
		check(t, name+".csv", flow.CSV(r))
		check(t, name+".slack.json", string(chat)+"\n")
	}
}

func check(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("../../testdata/golden/flow", name)
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
		t.Errorf("%s (look, then go test -update): %s", name, diff)
	}
}

func TestFormsKeepTheirBounds(t *testing.T) {
	long := goldenPeriod()
	long.Repo, long.Service, long.Environment = bot.RepoName("acme/"+strings.Repeat("x", 100)), strings.Repeat("s", 200), "<!channel>&"
	for name, r := range map[string]flow.Report{"busy": busy(t), "quiet": empty(), "long": flow.New(flow.FromFacts(readGolden(t).facts(t, true)), long)} {
		for _, line := range strings.Split(flow.Text(r), "\n") {
			if utf8.RuneCountInString(line) > 80 {
				t.Errorf("%s: %d columns: %s", name, utf8.RuneCountInString(line), line)
			}
		}
		text, blocks := flow.Slack(r)
		total := 0
		for _, b := range blocks {
			total += utf8.RuneCountInString(b.Text + strings.Join(b.Fields, ""))
			if len(b.Fields) > 10 || b.Kind == bot.Header && utf8.RuneCountInString(b.Text) > 150 {
				t.Errorf("%s: %+v is too large", name, b)
			}
			if b.Kind != bot.Header && strings.Contains(b.Text, "<!") {
				t.Errorf("%s: a mention in %q", name, b.Text)
			}
		}
		if len(blocks) > 10 || total > 3000 || strings.Contains(text, "<!") {
			t.Errorf("%s: %d blocks of %d characters, %q", name, len(blocks), total, text)
		}
		if _, err := csv.NewReader(strings.NewReader(flow.CSV(r))).ReadAll(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := json.Marshal(r); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestNoPersons: whoever is in the ledger, nobody is in the report.
func TestNoPersons(t *testing.T) {
	r := busy(t)
	text, blocks := flow.Slack(r)
	all, err := json.Marshal([]any{r, text, blocks, flow.Text(r), flow.Markdown(r), flow.CSV(r)})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(all), "amy") {
		t.Error("a person is named")
	}
}

func TestSpreadsheetsComputeNothing(t *testing.T) {
	p := goldenPeriod()
	p.Service = `=HYPERLINK("http://x","y")`
	rows, err := csv.NewReader(strings.NewReader(flow.CSV(flow.New(flow.History{}, p)))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		if !strings.HasPrefix(row[3], "'=") {
			t.Errorf("cell %q", row[3])
		}
	}
}

func TestMeasuresAreDocumented(t *testing.T) {
	seen := map[string]bool{}
	for _, m := range flow.Measures() {
		if m.Name == "" || m.Title == "" || m.Doc == "" || seen[m.Name] {
			t.Errorf("%+v", m)
		}
		seen[m.Name] = true
		if r := empty().Result(m.Name); r.Line == "" || r.Of == "" || r.N != 0 {
			t.Errorf("an empty week: %+v", r)
		}
	}
}
