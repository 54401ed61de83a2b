package fakegithub

import (
	"net/http"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"
)

// runInput is what may be given of a check run.
type runInput struct {
	Name        *string     `json:"name"`
	HeadSHA     *string     `json:"head_sha"`
	Status      *string     `json:"status"`
	Conclusion  *string     `json:"conclusion"`
	ExternalID  *string     `json:"external_id"`
	DetailsURL  *string     `json:"details_url"`
	StartedAt   *time.Time  `json:"started_at"`
	CompletedAt *time.Time  `json:"completed_at"`
	Actions     []runAction `json:"actions"`
	Output      *struct {
		Title       *string      `json:"title"`
		Summary     *string      `json:"summary"`
		Text        *string      `json:"text"`
		Annotations []annotation `json:"annotations"`
	} `json:"output"`
}

// check refuses what GitHub refuses; a new run's output needs a title.
func (in *runInput) check(isNew bool) *answer {
	var a answer
	switch {
	case in.Conclusion != nil && (!slices.Contains(conclusions, *in.Conclusion) || *in.Conclusion == "startup_failure"):
		a = invalid("CheckRun", "conclusion", "invalid", "")
	case in.Status != nil && !slices.Contains(runStates, *in.Status):
		a = invalid("CheckRun", "status", "invalid", "")
	case in.Status != nil && *in.Status == "completed" && in.Conclusion == nil:
		a = invalid("CheckRun", "conclusion", "missing_field", "")
	case len(in.Actions) > 3:
		a = unprocessable("Invalid request.\n\nNo more than 3 items are allowed; actions has more.")
	case slices.ContainsFunc(in.Actions, runAction.long):
		a = unprocessable("Invalid request.\n\nOnly 20 characters are allowed in label and identifier, and 40 in description.")
	case in.Output == nil:
		return nil
	case isNew && in.Output.Title == nil || in.Output.Summary == nil:
		a = unprocessable("Invalid request.\n\n\"title\", \"summary\" weren't supplied.")
	case utf8.RuneCountInString(*in.Output.Summary) > 65535 || in.Output.Text != nil && utf8.RuneCountInString(*in.Output.Text) > 65535:
		a = invalid("CheckRun", "output", "custom", "summary exceeds a maximum bytesize of 65535")
	case len(in.Output.Annotations) > 50:
		a = unprocessable("Invalid request.\n\nNo more than 50 items are allowed; annotations has more.")
	default:
		return checkAnnotations(in.Output.Annotations)
	}
	return &a
}

// state is what the run becomes; a conclusion completes it.
func (in *runInput) state(run *checkRun) (status, conclusion string) {
	switch {
	case in.Conclusion != nil:
		return "completed", *in.Conclusion
	case in.Status != nil:
		return *in.Status, ""
	}
	return run.status, run.conclusion
}

func (in *runInput) fill(run *checkRun) {
	if in.ExternalID != nil {
		run.externalID = *in.ExternalID
	}
	if in.DetailsURL != nil {
		run.details = *in.DetailsURL
	}
	if in.StartedAt != nil {
		run.started = *in.StartedAt
	}
	if in.Name != nil {
		run.name = *in.Name
	}
	if in.Actions != nil {
		run.actions = in.Actions
	}
	if o := in.Output; o != nil {
		run.summary = o.Summary
		if o.Title != nil {
			run.title = o.Title
		}
		if o.Text != nil {
			run.text = o.Text
		}
		run.annotations = append(slices.Clone(run.annotations), o.Annotations...) // none is ever taken away
	}
}

// says is what people see of the run in a state: its times are no news.
func (run *checkRun) says(status, conclusion string) string {
	return string(rawOf([]any{run.name, status, conclusion, run.title, run.summary, run.text, run.details, run.externalID, len(run.annotations), run.actions}))
}

func (s *Server) createRun(c *call) answer {
	var in runInput
	if a := c.read(&in); a != nil {
		return *a
	}
	if in.Name == nil || *in.Name == "" || in.HeadSHA == nil {
		return unprocessable("Invalid request.\n\n\"name\", \"head_sha\" weren't supplied.")
	}
	if a := in.check(true); a != nil {
		return *a
	}
	head := c.repo.commits[*in.HeadSHA]
	if head == nil {
		return noCommit(*in.HeadSHA)
	}
	run := s.newRun(s.suite(c.repo, s.bot, head), *in.Name)
	in.fill(run)
	status, conclusion := in.state(&checkRun{status: "queued"})
	c.idle = slices.ContainsFunc(c.repo.runs, func(o *checkRun) bool {
		return o != run && o.suite == run.suite && o.says(o.status, o.conclusion) == run.says(status, conclusion)
	})
	s.begin(run, status, conclusion, in.ended(s.now()))
	return created(s.wireRun(run))
}

// ended is when the bot says that the run ended, or else now.
func (in *runInput) ended(now time.Time) time.Time {
	if in.CompletedAt != nil {
		return *in.CompletedAt
	}
	return now
}

func (c *call) run() *checkRun {
	id := c.number("check_run_id")
	i := slices.IndexFunc(c.repo.runs, func(o *checkRun) bool { return o.id == id })
	if i < 0 {
		return nil
	}
	return c.repo.runs[i]
}

func (s *Server) getRun(c *call) answer {
	run := c.run()
	if run == nil {
		return notFound()
	}
	return ok(s.wireRun(run))
}

func (s *Server) updateRun(c *call) answer {
	run := c.run()
	if run == nil {
		return notFound()
	}
	if run.suite.app != s.bot {
		return refuse(http.StatusForbidden, "Invalid app_id `"+strconv.FormatInt(s.bot.id, 10)+"` - check run can only be modified by the GitHub App that created it.")
	}
	var in runInput
	if a := c.read(&in); a != nil {
		return *a
	}
	if a := in.check(false); a != nil {
		return *a
	}
	before := *run
	in.fill(run)
	status, conclusion := in.state(run)
	c.idle = run.says(status, conclusion) == before.says(before.status, before.conclusion)
	if run.status == "queued" && status == "in_progress" && in.StartedAt == nil {
		run.started = s.now()
	}
	s.moveRun(run, status, conclusion, in.ended(s.now()))
	return ok(s.wireRun(run))
}
