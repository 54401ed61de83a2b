package main

import "testing"

// TestTheBudget: what each scenario may ask of GitHub. Of a change below the
// warning line no read and one write a check; whoever needs more says here why.
func TestTheBudget(t *testing.T) {
	budget := map[string][2]int{
		"the very first change":        {0, 2},
		"change opened":                {0, 2},
		"push to a change":             {0, 2},
		"a change edits our file":      {1, 3}, // reads what it edits, and judges that too
		"check finished on a change":   {0, 0},
		"the first check of main":      {1, 1}, // is it still the newest commit? Then the open change hears that main is green
		"check finished on main":       {0, 0},
		"change merged":                {0, 0},
		"/status":                      {2, 3}, // who asks; eyes, the answer, a thumb
		"/deploy staging":              {8, 6}, // when its head came, too: webhooks come in any order
		"a comment that is no command": {0, 0},
	}
	for _, s := range scenarios() {
		t.Run(s.name, func(t *testing.T) {
			reads, writes, which, err := s.count(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if most, ok := budget[s.name]; !ok || reads != most[0] || writes != most[1] {
				t.Errorf("%d reads and %d writes, want %v: %s", reads, writes, most, which)
			}
		})
	}
}
