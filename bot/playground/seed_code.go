package playground

import (
	"fmt"
	"hash/fnv"
	"strings"
)

// goFile is a file of the shop that has so many lines and does something about
// an idea ("gift_wrapping"). The same asked twice is the same.
func goFile(idea string, lines int) string {
	if text := drafts[idea]; strings.Count(text, "\n") == lines {
		return text
	}
	if lines < 3 {
		return []string{"", "package shop\n", fmt.Sprintf("// Here comes what is needed for %s.\npackage shop\n", spaced(idea))}[lines]
	}
	text, left := "package shop\n", lines-1
	for turn := start(idea); left > 0; turn++ {
		block := fitting(turn, left)
		text += "\n" + named(block, idea, strings.Count(text, firstOf(block)))
		left = lines - strings.Count(text, "\n")
	}
	return text
}

// fitting is the block whose turn it is, or the next that fits: it fills what
// is left, or leaves room for another and the empty line before it.
func fitting(turn, left int) string {
	for i := range blocks {
		b := blocks[(turn+i)%len(blocks)]
		if after := left - 1 - strings.Count(b, "\n"); after == 0 || after >= 2 {
			return b
		}
	}
	return blocks[0] // has one line; no other number of lines is left
}

// start is where an idea's turns begin, so that not all files look the same.
func start(idea string) int {
	h := fnv.New32a()
	_, _ = h.Write([]byte(idea)) // a hash takes everything
	return int(h.Sum32() % uint32(len(blocks)))
}

// named is a block about an idea. What is there already has another name.
func named(block, idea string, before int) string {
	name := camel(idea)
	if before > 0 {
		name = fmt.Sprintf("%s%d", name, before+1)
	}
	return strings.NewReplacer("NAME", name, "WORDS", spaced(idea)).Replace(block)
}

// firstOf a block is what it says first that no other does.
func firstOf(block string) string {
	line, _, _ := strings.Cut(block, "\n")
	return line[strings.LastIndex(line, "NAME")+len("NAME"):]
}

func spaced(idea string) string { return strings.ReplaceAll(idea, "_", " ") }

func camel(idea string) string {
	words := strings.Split(idea, "_")
	for i, w := range words[1:] {
		if w != "" {
			words[i+1] = strings.ToUpper(w[:1]) + w[1:]
		}
	}
	return strings.Join(words, "")
}

// ideas that a change of several files is about, one each.
var ideas = []string{
	"wrapping", "vouchers", "basket", "discounts", "stock", "shipping", "returns", "taxes", "receipts", "ratings", "search", "wishes",
}

// blocks of code that a shop may need; the first has one line.
var blocks = []string{
	"const NAMEMost = 40 // items in one order\n",
	`// NAMEFee is taken once for each order, in cents.
const NAMEFee = 250
`,
	`// NAMECents is the price of one item; nothing is free by mistake.
func NAMECents(base int) int {
	if base <= 0 {
		return 1
	}
	return base + base/10
}
`,
	`// NAMEDays says in how many days an order is sent.
func NAMEDays(express bool, items int) int {
	switch {
	case express:
		return 1
	case items > 10:
		return 5
	}
	return 3
}
`,
	`// NAMEAllowed tells whether an order may have it.
func NAMEAllowed(items int) bool {
	return items > 0 && items <= 40
}
`,
	`// NAMETotal adds up what an order costs, in cents.
func NAMETotal(cents []int) int {
	sum := 0
	for _, c := range cents {
		sum += c
	}
	return sum
}
`,
	`// NAMELabel is what the customer reads.
func NAMELabel(items int) string {
	if items == 1 {
		return "WORDS: one item"
	}
	return "WORDS: all items"
}
`,
	`// NAMEOrder is what a customer asked for.
type NAMEOrder struct {
	item  string
	count int
	cents int
}

func (o NAMEOrder) total() int { return o.count * o.cents }
`,
	`// NAMEOpen finds the first item that has no price yet.
func NAMEOpen(cents map[string]int, items []string) string {
	for _, item := range items {
		if cents[item] == 0 {
			return item
		}
	}
	return ""
}
`,
}
