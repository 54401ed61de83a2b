package web

import (
	"bytes"
	"unicode"
)

// asEmoji asks for the coloured form of the sign before it.
const asEmoji = '\ufe0f'

// visible drops from a whole page what nobody sees and what turns text around:
// bidi overrides, joiners, tags and fillers. Titles, names of branches and
// errors come from strangers; doing it last forgets none of them.
func visible(page []byte) []byte {
	return bytes.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == asEmoji:
			return r
		case r == '\t' || r == '\r':
			return ' '
		case unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Other_Default_Ignorable_Code_Point, unicode.Variation_Selector):
			return -1
		}
		return r
	}, page)
}
