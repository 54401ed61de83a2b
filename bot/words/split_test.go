package words

import (
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// The lines to paste make the part, whatever a file is called.
func TestPartsToPaste(t *testing.T) {
	p := SplitPart{Lines: 9, Files: []SplitFile{
		{Path: "a.go"}, {Path: "new.go", From: 11, To: 20, New: true}, {Path: "b.go", From: 3, To: 9}, {Path: "gone.go", Gone: true}, {Path: "is.go", Was: "was.go", Moved: true},
		{Path: "it's $(rm -r x)`\n```.go"},
	}}
	want := `git switch -c part-2 part-1
git checkout 1234567 -- a.go
git show '1234567:new.go' | sed -n '1,20p' >new.go && git add -- new.go
git checkout -p 1234567 -- b.go   # lines 3 to 9
git rm -- gone.go
git mv -- was.go is.go
git checkout 1234567 -- 'it'\\''s $(rm -r x)?????.go'
git commit -m 'Part 2'
`
	if got := p.paste(2, bot.SHA("1234567890123456789012345678901234567890"), "part-1"); got != strings.ReplaceAll(want, `\\`, `\`) {
		t.Error(got)
	}
}
