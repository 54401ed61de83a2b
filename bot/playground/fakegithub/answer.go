package fakegithub

import (
	"net/http"
	"strconv"
)

// answer is what a route says.
type answer struct {
	status int
	body   any    // written as JSON; nothing when nil
	raw    []byte // written as it is
	header map[string]string
}

func ok(body any) answer      { return answer{status: http.StatusOK, body: body} }
func created(body any) answer { return answer{status: http.StatusCreated, body: body} }
func gone() answer            { return answer{status: http.StatusNoContent} }

// refuse is GitHub's way to say no.
func refuse(status int, message string) answer {
	return answer{status: status, body: fields{
		"message": message, "documentation_url": "https://docs.github.com/rest", "status": strconv.Itoa(status),
	}}
}

// at names the page that explains a refusal; clients tell limits apart by it.
func (a answer) at(page string) answer {
	a.body.(fields)["documentation_url"] = "https://docs.github.com/" + page
	return a
}

func notFound() answer { return refuse(http.StatusNotFound, "Not Found") }

// invalid is 422 with what is wrong with which member.
func invalid(resource, field, code, message string) answer {
	e := fields{"resource": resource, "code": code, "field": field}
	if message != "" {
		e["message"] = message
	}
	a := refuse(http.StatusUnprocessableEntity, "Validation Failed")
	a.body.(fields)["errors"] = []fields{e}
	return a
}

// unprocessable is 422 with a sentence.
func unprocessable(message string) answer { return refuse(http.StatusUnprocessableEntity, message) }

// bytes of the answer and their type.
func (a answer) content() ([]byte, string) {
	switch {
	case a.raw != nil:
		return a.raw, "application/vnd.github.raw+json; charset=utf-8"
	case a.body == nil:
		return nil, ""
	}
	return rawOf(a.body), "application/json; charset=utf-8"
}

func (a answer) write(w http.ResponseWriter) {
	body, kind := a.content()
	if kind != "" {
		w.Header().Set("Content-Type", kind)
	}
	for name, value := range a.header {
		w.Header().Set(name, value)
	}
	w.WriteHeader(a.status)
	_, _ = w.Write(body)
}
