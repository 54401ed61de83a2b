package fakeprod_test

import (
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/roundtrip-bot/roundtrip/bot/playground/fakeprod"
)

func FuzzTargetServeHTTP(f *testing.F) {
	f.Add("POST", "/deployments", `{"key":"k","fence":1,"environment":"production","sha":"2","weight":5}`, `{"fence":2}`)
	f.Add("PUT", "/deployments/k/weight", `{"weight":-1,"fence":0}`, ``)
	f.Add("POST", "/deployments/k/finish", `{"fence":1e9}`, `null`)
	f.Add("GET", "/deployments/%2F", `null`, `[]`)
	f.Fuzz(func(t *testing.T, method, path, body, second string) {
		now := time.Unix(1_800_000_000, 0)
		x, err := fakeprod.NewTarget(fakeprod.Options{
			Now: func() time.Time { return now }, Secret: secret,
			Environments: []fakeprod.Environment{{Name: "production", SHA: "1"}},
		})
		if err != nil {
			t.Fatal(err)
		}
		defer x.Close()
		for _, b := range []string{body, second} {
			r := httptest.NewRequest("POST", "/", strings.NewReader(b))
			r.Method, r.URL.Path, r.RequestURI = method, path, ""
			stamp := strconv.FormatInt(now.Unix(), 10)
			r.Header.Set(fakeprod.HeaderTimestamp, stamp)
			r.Header.Set(fakeprod.HeaderIdempotency, "k")
			r.Header.Set(fakeprod.HeaderSignature, fakeprod.Sign(secret, stamp, method, r.URL.EscapedPath(), []byte(b)))
			w := httptest.NewRecorder()
			x.ServeHTTP(w, r)
			if w.Code >= 500 {
				t.Errorf("%s %s answered %d: %s", method, path, w.Code, w.Body)
			}
		}
	})
}
