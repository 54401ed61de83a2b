package handlers

import (
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
	"github.com/roundtrip-bot/roundtrip/policies"
)

// explaining are handlers whose file has lines.
func (k strict) explaining(mode policies.Mode) *Handlers {
	h := k.blocking()
	read := h.Read
	h.Read = func(text []byte) (Settings, []bot.Mistake) {
		s, wrong := read(text)
		s.Policies.Batch.Mode = mode
		s.Lines = map[string]int{"batch.lines.block": 4, "batch.mode": 2}
		return s, wrong
	}
	return h
}

// Who can read is told what each policy says, by which rule, and where it
// stands; nothing is written or read for it.
func TestPoliciesExplain(t *testing.T) {
	for name, c := range map[string]struct {
		lines int
		mode  policies.Mode
		says  string
	}{
		"too large": {510, policies.Block, "- ⛔ `batch`, mode `block`: 510 lines - the limit here is 400. Rule: `batch.lines.block`, line 4 of `.github/roundtrip.yml`\n"},
		"warned":    {510, policies.Warn, "- ⚠️ `batch`, mode `warn`: 510 lines - the limit here is 400. Rule: `batch.lines.block`, line 4"},
		"fits":      {10, policies.Block, "- ✅ `batch`, mode `block`: 10 lines count, 390 do not. Rule: `batch.lines.target`, by default\n"},
		"observed":  {510, policies.Observe, "- ⚠️ `batch`, mode `observe`: 510 lines"},
		"off":       {510, policies.Off, "- `batch` is off: `batch.mode`, line 2 of"},
	} {
		k, large := mostlyLocked()
		k.changed[teaSHA(5)] = []bot.ChangedFile{{Path: "go.sum", Status: "modified", Added: 390}, {Path: "a.go", Status: "modified", Added: c.lines}}
		large.Change.Added, large.Change.Deleted = 390+c.lines, 0
		h := k.explaining(c.mode)
		for _, e := range []bot.Event{large, says(5, "rudi", "/policy explain")} {
			for _, handler := range h.All() {
				plan, _, err := handler.Handle(t.Context(), bot.Delivery[bot.Event]{ID: "d", At: teaTime, Event: e})
				if err != nil {
					t.Fatal(name, err)
				}
				k.keep(t, plan)
				if _, asked := e.(bot.CommandGiven); !asked || handler.Name != "command given" {
					continue
				}
				if said := answer(plan); !strings.Contains(said, c.says) || len(plan.Effects) > 0 {
					t.Errorf("%s: %s, %v", name, said, plan.Effects)
				} else if counted := c.mode != policies.Off; strings.Contains(said, "Not counted: `go.sum` 390 (lockfile).") != counted {
					t.Errorf("%s: %s", name, said)
				}
			}
		}
	}
}
