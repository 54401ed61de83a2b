package flow

import "fmt"

// Sizes up to which a change is tiny, and small.
const (
	tiny  = 20
	small = 200
)

// batchSize is the changed lines of the changes that were merged, and how many
// commits went live at once. Bots' changes are large for reasons of their own
// and left out.
func batchSize(w window, r *Result) {
	r.Of = "merged changes"
	var tinies, smalls int
	for _, m := range w.merged {
		switch {
		case m.Bot:
			r.leave("bot")
			continue
		case m.Lines <= 0:
			r.leave("size not known")
			continue
		}
		if m.Lines <= tiny {
			tinies++
		}
		if m.Lines <= small {
			smalls++
		}
		r.Items = append(r.Items, Item{Of: fmt.Sprintf("#%d", m.Number), Value: float64(m.Lines)})
	}
	r.N = len(r.Items)
	r.percentiles("lines")
	if r.N > 0 {
		r.figure("up_to_20_lines", over(tinies, r.N), "share", r.N)
		r.figure("up_to_200_lines", over(smalls, r.N), "share", r.N)
	}
	w.perDeploy(r)
	r.Line = "no change was merged"
	if r.N > 0 {
		r.Line = fmt.Sprintf("%s; %s of %d up to %d lines", lines(r), percent(smalls, r.N), r.N, small)
	}
}

func (w window) perDeploy(r *Result) {
	n, commits, changes := 0, 0, 0
	for _, d := range w.deployments {
		if d.Kind == Deploy && len(d.Ships) > 0 {
			n, commits, changes = n+1, commits+len(d.Ships), changes+len(changesOf(d))
		}
	}
	if n > 0 {
		r.figure("commits_per_deployment", over(commits, n), "commits", n)
		r.figure("changes_per_deployment", over(changes, n), "changes", n)
	}
}

func lines(r *Result) string {
	if f, ok := r.Figure("median"); ok {
		return fmt.Sprintf("median %.0f lines", f.Value)
	}
	text := ""
	for i, item := range r.Items {
		if i > 0 {
			text += ", "
		}
		text += fmt.Sprintf("%.0f", item.Value)
	}
	return text + " lines"
}
