package github

import (
	"bytes"
	"iter"
)

// What is asked of an answer beside its decoding, whether it is a full page and
// where custom properties are, is found by walking over its bytes: to decode it
// for that takes ten times as long. It is valid JSON, or whoever decodes it
// says that it is not: of what is not, the walk ends early, and never panics.

// valueEnd is where the value that begins at i ends.
func valueEnd(b []byte, i int) int {
	depth := 0
	for i < len(b) {
		switch b[i] {
		case '"':
			i = textEnd(b, i)
		case '{', '[':
			depth++
			i++
		case '}', ']':
			if depth == 0 {
				return i
			}
			depth--
			i++
		case ',':
			if depth == 0 {
				return i
			}
			i++
			continue
		default:
			i++
			continue
		}
		if depth == 0 {
			return i
		}
	}
	return len(b)
}

// textEnd is where the text that begins with the quote at i ends.
func textEnd(b []byte, i int) int {
	for i++; i < len(b); i++ {
		n := bytes.IndexByte(b[i:], '"')
		if n < 0 {
			return len(b)
		}
		i += n
		slashes := 0
		for b[i-1-slashes] == '\\' { // a quote is before it
			slashes++
		}
		if slashes%2 == 0 {
			return i + 1
		}
	}
	return len(b)
}

// spaceEnd is where what is no space begins, from i on.
func spaceEnd(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\r' || b[i] == '\t') {
		i++
	}
	return i
}

// elements of the array that begins at i, or 0 if none does.
func elements(b []byte, i int) (n int) {
	if i >= len(b) || b[i] != '[' {
		return 0
	}
	for i = spaceEnd(b, i+1); i < len(b); i = spaceEnd(b, i) {
		end := valueEnd(b, i)
		if end == i {
			return n
		}
		n++
		if i = spaceEnd(b, end); i < len(b) && b[i] == ',' {
			i++
		}
	}
	return n
}

// member is one of an object's that begins at i, and where it stands: from its
// name to the end of its value.
type member struct {
	name            []byte // with its quotes
	from, value, to int
}

// memberAt is the member whose name begins at i; false: none does.
func memberAt(b []byte, i int) (m member, ok bool) {
	if i >= len(b) || b[i] != '"' {
		return m, false
	}
	end := textEnd(b, i)
	colon := spaceEnd(b, end)
	if colon >= len(b) || b[colon] != ':' {
		return m, false
	}
	value := spaceEnd(b, colon+1)
	return member{b[i:end], i, value, valueEnd(b, value)}, true
}

// members of the object that begins at i, if one does.
func members(b []byte, i int) iter.Seq[member] {
	return func(yield func(member) bool) {
		if i = spaceEnd(b, i); i >= len(b) || b[i] != '{' {
			return
		}
		for m, ok := memberAt(b, spaceEnd(b, i+1)); ok && yield(m); {
			comma := spaceEnd(b, m.to) // or the end
			m, ok = memberAt(b, spaceEnd(b, min(comma+1, len(b))))
		}
	}
}

// without is b without the members of a name, wherever they are. The name has
// its quotes.
func without(b []byte, name string) []byte {
	var out []byte
	done := 0 // of b
	for i := 0; ; {
		n := bytes.Index(b[i:], []byte(name))
		if n < 0 {
			break
		}
		i += n
		m, ok := memberAt(b, i)
		if !ok || i > 0 && b[i-1] == '\\' { // in a text
			i += len(name)
			continue
		}
		out = append(out, b[done:m.from]...)
		if done = spaceEnd(b, m.to); done < len(b) && b[done] == ',' {
			done++
		} else {
			out = bytes.TrimSuffix(bytes.TrimRight(out, " \n\r\t"), []byte(","))
		}
		i = done
	}
	if done == 0 {
		return b
	}
	return append(out, b[done:]...)
}
