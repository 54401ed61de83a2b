package web

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestPassages(t *testing.T) {
	got := passages("Too large.\n\nNext:\n\n```sh\ngit switch -c one\ngit push\n```\n\nThen wait.\n")
	want := []passage{{Text: "Too large.\n\nNext:"}, {Code: true, Text: "git switch -c one\ngit push"}, {Text: "Then wait."}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := passages("Never closed:\n```\nx"); len(got) != 2 || !got[1].Code || got[1].Text != "x" {
		t.Errorf("an open fence: %+v", got)
	}
	if got := passages(" \n"); got != nil {
		t.Errorf("nothing said: %+v", got)
	}
}
