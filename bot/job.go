package bot

// Job is an effect to perform.
type Job struct {
	Effect  Effect
	Last    Receipt // of the same kind and key; zero if there is none
	Attempt int     // 1 is the first
	// Beside: somebody whose lease on it was lost may have made it beside us.
	// Whatever is there twice is to be there once.
	Beside bool
}
