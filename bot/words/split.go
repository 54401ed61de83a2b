package words

import (
	"fmt"
	"strings"

	"github.com/roundtrip-bot/roundtrip/bot"
)

// SplitPart is a part that a change could come in.
type SplitPart struct {
	Lines   int           // that count, or more
	Commits []SplitCommit // of which it is made; none: of files
	Files   []SplitFile
}

// SplitCommit is a commit of a change.
type SplitCommit struct {
	SHA   bot.SHA
	Title string
}

// SplitFile is a file of a part, or lines of it.
type SplitFile struct {
	Path     string
	Was      string // it is renamed from there
	From, To int    // lines, as the change has them; 0: all of it
	Gone     bool   // the part takes it away
	Moved    bool   // it is only renamed
	New      bool   // the change makes it
}

// Split proposes parts, each of which fits and builds on the one before.
func Split(c bot.ChangeRef, head bot.SHA, base string, most int, parts []SplitPart) string {
	var b strings.Builder
	fmt.Fprintf(&b, "✂️ #%d can come in %d parts, each of at most %d lines and on the one before. Whether each works by itself, only you and its checks know.\n\n| part | lines | %s |\n|---|---:|---|\n", c.Number, len(parts), most, madeOf(parts))
	for i, p := range parts {
		fmt.Fprintf(&b, "| %d | %d | %s |\n", i+1, p.Lines, p.files())
	}
	b.WriteString("\n**Next:** make the first part, and the others on top of it:\n\n```\n" + parts[0].paste(1, head, "origin/"+base) + "```\n")
	if len(parts) > 1 {
		b.WriteString("\n<details><summary>The other parts</summary>\n\n```\n")
		for i, p := range parts[1:min(len(parts), mostSplitParts)] {
			b.WriteString(p.paste(i+2, head, fmt.Sprintf("part-%d", i+1)))
		}
		b.WriteString("```\n\n</details>\n")
	}
	return b.String()
}

func madeOf(parts []SplitPart) string {
	if len(parts[0].Commits) > 0 {
		return "commits"
	}
	return "files"
}

// More is not told: a comment holds 65,536 characters.
const (
	mostSplitParts = 20
	mostSplitFiles = 12
)

func (p SplitPart) files() string {
	var said []string
	for _, c := range p.Commits {
		said = append(said, "`"+c.SHA.Short()+"` "+strings.ReplaceAll(code(c.Title, 50), "|", `\|`))
	}
	for _, f := range p.Files[:min(len(p.Files), mostSplitFiles)] {
		said = append(said, strings.ReplaceAll(f.String(), "|", `\|`))
	}
	if n := len(p.Files) - len(said); n > 0 {
		said = append(said, Plural(n, "file")+" more")
	}
	return strings.Join(said, ", ")
}

// String is the file, and which of its lines.
func (f SplitFile) String() string {
	if f.To > 0 {
		return fmt.Sprintf("%s %d–%d", Code(f.Path), f.From, f.To)
	}
	return Code(f.Path)
}

// paste are the lines that make the part.
func (p SplitPart) paste(n int, head bot.SHA, on string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "git switch -c part-%d %s\n", n, on)
	if len(p.Commits) > 0 {
		b.WriteString("git cherry-pick")
		for _, c := range p.Commits {
			b.WriteString(" " + c.SHA.Short())
		}
		return b.String() + "\n"
	}
	for _, f := range p.Files[:min(len(p.Files), mostSplitFiles)] {
		name := quoted(f.Path)
		if f.Was != "" {
			fmt.Fprintf(&b, "git mv -- %s %s\n", quoted(f.Was), name)
		}
		switch {
		case f.Moved:
		case f.Gone:
			fmt.Fprintf(&b, "git rm -- %s\n", name)
		case f.To > 0 && f.New:
			if i := strings.LastIndexByte(f.Path, '/'); i > 0 {
				fmt.Fprintf(&b, "mkdir -p %s\n", quoted(f.Path[:i]))
			}
			fmt.Fprintf(&b, "git show %s | sed -n '1,%dp' >%s && git add -- %s\n", quoted(head.Short()+":"+f.Path), f.To, name, name)
		case f.To > 0:
			fmt.Fprintf(&b, "git checkout -p %s -- %s   # lines %d to %d\n", head.Short(), name, f.From, f.To)
		default:
			fmt.Fprintf(&b, "git checkout %s -- %s\n", head.Short(), name)
		}
	}
	if n := len(p.Files) - mostSplitFiles; n > 0 {
		fmt.Fprintf(&b, "# and %s more\n", Plural(n, "file"))
	}
	fmt.Fprintf(&b, "git commit -m 'Part %d'\n", n)
	return b.String()
}

// quoted is a stranger's path as one word of a shell, on one line and inside a
// fence.
func quoted(path string) string {
	safe := strings.Map(func(r rune) rune {
		if r < ' ' || r == '`' || r == 0x7f {
			return '?'
		}
		return r
	}, path)
	if strings.Trim(safe, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._/-") == "" {
		return safe
	}
	return "'" + strings.ReplaceAll(safe, "'", `'\''`) + "'"
}
