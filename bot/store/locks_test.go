package store

import (
	"slices"
	"testing"
)

// All plans take their locks in one order, however they came by them; one that
// somebody needs for oneself is not taken beside others.
func TestLocksHaveOneOrder(t *testing.T) {
	l, same := locks{}, locks{}
	names := []string{"a", "b", "c", "d", "e"}
	for _, name := range names {
		l.beside("doc", name)
	}
	l.alone("doc", "c")
	same.alone("doc", "c")
	for _, name := range slices.Backward(names) {
		same.beside("doc", name)
	}
	keys, alone := l.inOrder()
	again, others := same.inOrder()
	if len(keys) != len(names) || !slices.IsSorted(keys) || !slices.Equal(keys, again) || !slices.Equal(alone, others) {
		t.Errorf("%v %v, and %v %v", keys, alone, again, others)
	}
	for i, k := range keys {
		if alone[i] != (k == number("doc/c")) {
			t.Errorf("%d is for oneself: %v", k, alone[i])
		}
	}
}
