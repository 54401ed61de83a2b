package fakegithub_test

import (
	"encoding/json"
	"fmt"
	"testing"
)

// TestAnUpdateAppendsAnnotations, the same as well, and one that brings none
// takes none away: "Each time you update the check run, annotations are
// appended to the list of annotations that already exist for the check run."
func TestAnUpdateAppendsAnnotations(t *testing.T) {
	w := newWorld(t)
	v := w.open("ann")
	output := func(line int) string {
		return fmt.Sprintf(`"output":{"title":"t","summary":"s","annotations":[{"path":"README.md","start_line":%[1]d,"end_line":%[1]d,"annotation_level":"failure","message":"m"}]}`, line)
	}
	_, body := w.call("POST", w.cached, "/repos/acme/shop/check-runs", `{"name":"lint","head_sha":"`+v.Head+`",`+output(1)+`}`)
	var run struct {
		ID     int64
		Output struct {
			Count int `json:"annotations_count"`
		}
	}
	w.must(json.Unmarshal([]byte(body), &run))
	path := fmt.Sprintf("/repos/acme/shop/check-runs/%d", run.ID)
	for i, update := range []string{output(1), output(2), `"output":{"title":"t","summary":"other"}`} {
		_, body = w.call("PATCH", w.cached, path, `{`+update+`}`)
		w.must(json.Unmarshal([]byte(body), &run))
		if want := min(i+2, 3); run.Output.Count != want {
			t.Errorf("after update %d: %d annotations, want %d", i+1, run.Output.Count, want)
		}
	}
	_, body = w.get(w.cached, path+"/annotations?per_page=2&page=2")
	var list []struct {
		Line int    `json:"start_line"`
		Href string `json:"blob_href"`
	}
	w.must(json.Unmarshal([]byte(body), &list))
	if len(list) != 1 || list[0].Line != 2 || list[0].Href == "" {
		t.Errorf("%s", body)
	}
}
