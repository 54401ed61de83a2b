package playground

// drafts are the files of the changes that a visitor looks at first, by what
// they are about: written by hand, of as many lines as the change says.
var drafts = map[string]string{
	"add_gift_wrapping": `package shop

// wrapping is what paper and ribbon cost, in cents.
const wrapping = 250

// Wrap adds gift wrapping to an order of so many items.
// Five and more are wrapped together, in one box, which costs what
// one item does.
func Wrap(total, items int) int {
	if items >= 5 {
		return total + wrapping
	}
	return total + items*wrapping
}
`,
	"faster_prices": `package shop

// cached prices save a question to the price list.
var cached = map[string]int{}

// FastPrice is the price of an item.
// What is not cached is answered with nothing at all; that should be
// seldom enough.
func FastPrice(item string) int {
	return cached[item]
}
`,
	"vouchers_alone": `package shop

// Voucher takes something off what an order costs.
type Voucher struct {
	Cents int
	Used  bool
}

// Redeem uses a voucher up.
// An order never costs less than nothing, and a voucher is never used
// twice.
func (v *Voucher) Redeem(total int) int {
	if v.Used {
		return total
	}
	v.Used = true
	return max(0, total-v.Cents)
}
`,
	"repair_the_unit_test": `package shop

// daysBetween counts days by the clock that it is given, not its own.
func daysBetween(from, to int64) int64 {
	return (to - from) / 86_400
}
`,
}
