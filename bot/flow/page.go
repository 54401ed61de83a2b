package flow

// Sentence is the whole report in a line or two, for whoever reads no further.
func (r Report) Sentence() string { return r.sentence() }

// Name says the period: the ISO week if it is one, else its days.
func (p Period) Name() string { return p.name() }

// SmallPrint says how to read the numbers.
func (r Report) SmallPrint() string { return r.small() }
