package github_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/roundtrip-bot/roundtrip/bot"
)

func TestAttributesOfATree(t *testing.T) {
	w := newWorld(t)
	w.on("GET /repos/acme/shop/git/trees/"+shaA, 200, `{"sha":"`+shaA+`","truncated":false,"tree":[
		{"path":".gitattributes","mode":"100644","type":"blob","sha":"1"},{"path":"a","mode":"040000","type":"tree","sha":"2"},
		{"path":"a/.gitattributes","mode":"100644","type":"blob","sha":"3"},{"path":"b/.gitattributes","mode":"120000","type":"blob","sha":"4"},{"path":"a/x.go","mode":"100644","type":"blob","sha":"5"}]}`)
	w.HandleFunc("GET /repos/acme/shop/contents/a/.gitattributes", func(rw http.ResponseWriter, _ *http.Request) { _, _ = rw.Write([]byte("* linguist-generated\n")) })
	files, err := w.client(t).Attributes(ctx, shop, shaA, []bot.AttributesFile{{Path: ".gitattributes", ID: "1", Text: "known"}})
	noErr(t, err)
	if fmt.Sprint(files) != "[{.gitattributes 1 known} {a/.gitattributes 3 * linguist-generated\n}]" || len(w.calls) != 2 {
		t.Errorf("%v in %v", files, w.calls)
	}
}

func TestAttributesOfATreeThatIsTooLarge(t *testing.T) {
	many := strings.Repeat(`,{"path":"x/.gitattributes","mode":"100644","type":"blob","sha":"1"}`, 21)[1:]
	for _, answered := range []string{`{"truncated":true,"tree":[]}`, `{"truncated":false,"tree":[` + many + `]}`} {
		w := newWorld(t)
		w.on("GET /repos/acme/shop/git/trees/"+shaA, 200, answered)
		w.HandleFunc("GET /repos/acme/shop/contents/x/.gitattributes", func(http.ResponseWriter, *http.Request) {})
		if _, err := w.client(t).Attributes(ctx, shop, shaA, nil); !errors.As(err, &bot.Permanent{}) || !strings.Contains(err.Error(), "it ") {
			t.Error(err)
		}
	}
}
