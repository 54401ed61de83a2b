package metrics

// heard reports whether anything of the arm was collected since the look
// before: Prometheus does not collect when we look.
func (a *promArm) heard() bool {
	for k, old := range a.before {
		next, here := a.next[k]
		if !here {
			return true // it has gone, and was counted to its end
		}
		for id, m := range next.Last {
			if m.At > old.Last[id].At {
				return true
			}
		}
	}
	return len(a.next) > len(a.before)
}
