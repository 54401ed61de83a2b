package story

import (
	"fmt"
	"strings"
)

// act is something that the world does, and the effects that must follow.
type act struct {
	row     int // its last one in the script's rows
	does    string
	block   string   // the lines below it that begin with "> |"
	expects []string // without "< "
}

// script is a story: prose and acts in their order, for writing it again.
type script struct {
	acts []act
	rows []string // all lines but the expected ones
}

// parse reads a story. Prose is kept.
func parse(text string) (script, error) {
	var s script
	for i, row := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		switch {
		case strings.HasPrefix(row, "> |"):
			if len(s.acts) == 0 {
				return s, fmt.Errorf("line %d: a block needs an act before it", i+1)
			}
			a := &s.acts[len(s.acts)-1]
			a.block += strings.TrimPrefix(strings.TrimPrefix(row, "> |"), " ") + "\n"
			a.row = len(s.rows)
		case strings.HasPrefix(row, "> "):
			s.acts = append(s.acts, act{row: len(s.rows), does: strings.TrimSpace(row[2:])})
		case strings.HasPrefix(row, "< "):
			if len(s.acts) == 0 {
				return s, fmt.Errorf("line %d: an effect needs an act before it", i+1)
			}
			a := &s.acts[len(s.acts)-1]
			a.expects = append(a.expects, row[2:])
			continue
		}
		s.rows = append(s.rows, row)
	}
	if len(s.acts) == 0 {
		return s, fmt.Errorf("nothing happens: no line begins with \">\"")
	}
	return s, nil
}
