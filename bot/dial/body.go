package dial

import (
	"errors"
	"io"
)

// toItsEnd is an answer's body. Only at its end, or when nobody wants more of
// it, was the request answered.
type toItsEnd struct {
	io.ReadCloser
	ended  func()
	failed func(error)
	broke  bool
}

func (b *toItsEnd) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	switch {
	case errors.Is(err, io.EOF):
		b.ended()
	case err != nil && !b.broke:
		b.broke = true
		b.failed(err)
	}
	return n, err
}

func (b *toItsEnd) Close() error {
	if !b.broke {
		b.ended()
	}
	return b.ReadCloser.Close()
}
