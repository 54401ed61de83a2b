package web

import "net/http"

// page is one of the bot's own pages.
type page struct {
	Path  string // as net/http writes patterns
	Title string
	Doc   string // what it shows, for the reference
	file  string // its template
	look  func(look, *http.Request) (content, error)
	// pressed says that it has buttons.
	pressed bool
}

// pages is the table of pages, in the order in which people meet them.
func pages() []page {
	return []page{
		{Path: "/{$}", Title: "Now", Doc: "what waits for whom, what is live where, and how each watched branch is", file: "home.html", look: home},
		{Path: "/changes/{owner}/{name}/{number}", Title: "Change", Doc: "a change: both verdicts, its heads, and where it was deployed", file: "change.html", look: change},
		{Path: "/rollouts/{id...}", Title: "Rollout", Doc: "a rollout: its way through the stages, what production said, and what happened", file: "rollout.html", look: rollout},
		{Path: "/deliveries", Title: "Deliveries", Doc: "what came in and goes out and is not done, and why each waits", file: "deliveries.html", look: deliveries, pressed: true},
		{Path: reportsPath, Title: "Reports", Doc: "the report of each repository; with one alone, that one at once", file: "reports.html", look: reports},
		{Path: "/report/{owner}/{name}", Title: "Report", Doc: "how work flowed in a week: the report that managers get, with CSV and JSON", file: "report.html", look: report},
	}
}
