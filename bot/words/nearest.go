package words

import (
	"strings"
	"unicode/utf8"
)

// DidYouMean is the remedy for a word that is not known: the nearest one that
// is, or all of them.
func DidYouMean(word string, known []string) string {
	if near, ok := Nearest(word, known); ok {
		return "did you mean " + near + "?"
	}
	if len(known) == 0 {
		return "remove it"
	}
	return "known: " + strings.Join(known, ", ")
}

// Nearest finds the known word fewest slips of the finger away, if it is near
// enough to be meant: a third of its letters, and at least two. It is
// suggested, never run.
func Nearest(word string, known []string) (string, bool) {
	best, least := "", 1<<30
	for _, k := range known {
		if d := slips(strings.ToLower(word), strings.ToLower(k)); d < least {
			best, least = k, d
		}
	}
	letters := utf8.RuneCountInString(best)
	if least > max(2, letters/3) || least >= letters {
		return "", false
	}
	return best, true
}

// slips is the Damerau-Levenshtein distance (optimal string alignment): how
// many letters are added, left out, wrong or swapped with their neighbour.
func slips(a, b string) int {
	s, t := []rune(a), []rune(b)
	if len(s) > 64 || len(t) > 64 {
		return 1 << 20
	}
	var before []int
	last := make([]int, len(t)+1)
	for j := range last {
		last[j] = j
	}
	for i := range s {
		row := make([]int, len(t)+1)
		row[0] = i + 1
		for j := range t {
			row[j+1] = min(row[j]+1, last[j+1]+1, last[j]+differ(s[i], t[j]))
			if i > 0 && j > 0 && s[i] == t[j-1] && s[i-1] == t[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last = last, row
	}
	return last[len(t)]
}

func differ(a, b rune) int {
	if a == b {
		return 0
	}
	return 1
}
