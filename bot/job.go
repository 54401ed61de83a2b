package bot

// Job is an effect to perform.
type Job struct {
	Effect  Effect
	Last    Receipt // of the same kind and key; zero if there is none
	Attempt int     // 1 is the first
}
