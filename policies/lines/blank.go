package lines

// blanks leaves blank lines out where nothing else in their hunk counts, which
// is where git diff --ignore-blank-lines shows none either. Among lines that
// count they do: nobody is to find fewer with us than with git. Beside what
// only moved they moved with it.
func (t text) blanks() {
	count, move := map[int]bool{}, map[int]bool{} // by hunk
	t.each(func(hunk int, l *line) {
		if l.norm != "" {
			count[hunk], move[hunk] = count[hunk] || l.state == counts, move[hunk] || l.state == moved
		}
	})
	t.each(func(hunk int, l *line) {
		if l.norm != "" || l.state != counts || count[hunk] {
			return
		}
		if l.state = whitespace; move[hunk] {
			l.state = moved
		}
	})
}
