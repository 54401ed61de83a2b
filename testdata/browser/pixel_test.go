package browser_test

import (
	"cmp"
	"image"
	"image/color"
	"maps"
	"slices"
	"testing"
)

// few keeps 256 colours of a picture: those that most dots have. Pages have
// not many more, and the file is a third as large.
func few(whole image.Image) *image.Paletted {
	counts := map[color.RGBA]int{}
	at := whole.Bounds()
	for y := at.Min.Y; y < at.Max.Y; y++ {
		for x := at.Min.X; x < at.Max.X; x++ {
			counts[coarse(whole.At(x, y))]++
		}
	}
	most := slices.SortedFunc(maps.Keys(counts), func(a, b color.RGBA) int {
		return cmp.Or(counts[b]-counts[a], int(a.R)-int(b.R), int(a.G)-int(b.G), int(a.B)-int(b.B))
	})
	var palette color.Palette
	for _, c := range most[:min(256, len(most))] {
		palette = append(palette, c)
	}
	kept, index := image.NewPaletted(at, palette), map[color.RGBA]uint8{}
	for y := at.Min.Y; y < at.Max.Y; y++ {
		for x := at.Min.X; x < at.Max.X; x++ {
			c := coarse(whole.At(x, y))
			i, known := index[c]
			if !known {
				i = uint8(palette.Index(c))
				index[c] = i
			}
			kept.SetColorIndex(x, y, i)
		}
	}
	return kept
}

// coarse is a colour in steps of eight.
func coarse(c color.Color) color.RGBA {
	r, g, b, _ := c.RGBA()
	part := func(v uint32) uint8 { return uint8(v>>8)&^7 | uint8(v>>8)>>5 }
	return color.RGBA{part(r), part(g), part(b), 255}
}

// differing is the share of all dots that have quite another colour, and a
// picture in which they are red. Pictures of different size differ wholly.
func differing(want, got image.Image) (share float64, marked *image.RGBA) {
	at := got.Bounds()
	marked = image.NewRGBA(at)
	if want.Bounds() != at {
		return 1, marked
	}
	n := 0
	for y := at.Min.Y; y < at.Max.Y; y++ {
		for x := at.Min.X; x < at.Max.X; x++ {
			if far(want.At(x, y), got.At(x, y)) {
				n++
				marked.Set(x, y, color.RGBA{220, 0, 0, 255})
			} else {
				grey := color.GrayModel.Convert(got.At(x, y)).(color.Gray)
				marked.Set(x, y, color.Gray{128 + grey.Y/2})
			}
		}
	}
	return float64(n) / float64(at.Dx()*at.Dy()), marked
}

func far(a, b color.Color) bool {
	ar, ag, ab, _ := a.RGBA()
	br, bg, bb, _ := b.RGBA()
	return apart(ar, br) || apart(ag, bg) || apart(ab, bb)
}

func apart(a, b uint32) bool { return max(a, b)>>8-min(a, b)>>8 > nearEnough }

// TestSpoiledPicture: a shade is let pass and a spot is not, nor another size.
func TestSpoiledPicture(t *testing.T) {
	page := image.NewRGBA(image.Rect(0, 0, 100, 100))
	paint(page, page.Bounds(), color.RGBA{240, 240, 240, 255})
	shaded, spoiled := image.NewRGBA(page.Bounds()), image.NewRGBA(page.Bounds())
	paint(shaded, page.Bounds(), color.RGBA{230, 244, 236, 255})
	paint(spoiled, page.Bounds(), color.RGBA{240, 240, 240, 255})
	paint(spoiled, image.Rect(10, 10, 22, 20), color.RGBA{180, 20, 20, 255})
	for _, c := range []struct {
		name  string
		got   image.Image
		spoil bool
	}{{"the same", page, false}, {"a shade", shaded, false}, {"a spot", spoiled, true}, {"smaller", page.SubImage(image.Rect(0, 0, 99, 100)), true}} {
		if share, _ := differing(few(page), few(c.got)); (share > fewEnough) != c.spoil {
			t.Errorf("%s differs by %.2f %%", c.name, 100*share)
		}
	}
}

func paint(picture *image.RGBA, at image.Rectangle, c color.RGBA) {
	for y := at.Min.Y; y < at.Max.Y; y++ {
		for x := at.Min.X; x < at.Max.X; x++ {
			picture.SetRGBA(x, y, c)
		}
	}
}
