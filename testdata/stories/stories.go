// Package stories holds the stories as files, for who plays them without a
// checkout: the gallery of the playground.
package stories

import "embed"

// Files are the stories.
//
//go:embed *.txt
var Files embed.FS
