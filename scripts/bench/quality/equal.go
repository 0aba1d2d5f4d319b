package quality

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/presize/presize/functions/pipeline/imaging"
	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/scripts/bench/result"
)

// The qualities that Presize is rendered at, besides its own. Few are for files that take it longer than slow, above all
// AVIF: the whole judgement must end within minutes.
var (
	many = []int{60, 65, 70, 75, 85, 90, 95}
	few  = []int{70, 90}
)

const (
	slow     = 700   // ms of CPU for one rendering
	sameSSIM = 0.005 // lossless variants that differ by less are held to look the same
)

// equal compares Presize's bytes with every peer's.
func (s sight) equal(ctx context.Context) ([]result.Equal, error) {
	var all []result.Equal
	var curves map[string][]Point
	own, ok := s.judged[presize]
	if !ok {
		return nil, nil
	}
	for _, cell := range s.cells {
		if !peer(cell.Contestant) {
			continue
		}
		for _, p := range s.Config.Presets {
			theirs, ok := s.judged[cell.Contestant][p.Name]
			if !ok {
				continue // its cell says why
			}
			one := result.Equal{File: s.file.Name, Preset: p.Name, Contestant: cell.Contestant}
			ours, ok := own[p.Name]
			switch {
			case !ok:
				one.Cannot = "Presize's own variant has no SSIM"
			case ours.frames != theirs.frames:
				one.Cannot = fmt.Sprintf("Presize writes %d frames, the peer %d", ours.frames, theirs.frames)
			case lossy(ours.kind, p):
				if curves == nil {
					var err error
					if curves, err = s.curves(ctx); err != nil {
						return nil, err
					}
				}
				one.Ratio, one.Cannot = atEqualSSIM(curves[p.Name], theirs)
			default:
				one.Ratio, one.Cannot = lossless(ours, theirs)
			}
			all = append(all, one)
		}
	}
	return all, nil
}

// peer says whether a contestant is compared with: Presize is not compared with itself, nor with the floor, which is the
// same encoder.
func peer(contestant string) bool {
	return contestant != "floor" && contestant != presize && !strings.HasPrefix(contestant, presize+"-")
}

func lossy(kind imaging.Type, p preset.Preset) bool {
	return !p.Lossless && (kind == imaging.JPEG || kind == imaging.WebP || kind == imaging.AVIF)
}

// curves render a file by Presize at several qualities: bytes and SSIM of each preset.
func (s sight) curves(ctx context.Context) (map[string][]Point, error) {
	curves := map[string][]Point{}
	for name, one := range s.judged[presize] {
		curves[name] = []Point{{one.ssim, one.bytes}}
	}
	for _, quality := range s.qualities() {
		rendered, _, err := s.rendering(ctx, presize, quality)
		if err != nil {
			return nil, err
		}
		for name, one := range rendered {
			curves[name] = append(curves[name], Point{one.ssim, one.bytes})
		}
	}
	return curves, nil
}

func (s sight) qualities() []int {
	for _, cell := range s.cells {
		if cell.Contestant == presize && slices.ContainsFunc(cell.Samples, func(one result.Sample) bool { return one.CPU > slow }) {
			return few
		}
	}
	return many
}

// atEqualSSIM compares what Presize's curve has at the peer's SSIM.
func atEqualSSIM(curve []Point, theirs judgement) (ratio float64, cannot string) {
	bytes, err := BytesAt(curve, theirs.ssim)
	if err != nil {
		return 0, err.Error()
	}
	return bytes / float64(theirs.bytes), ""
}

// lossless compares bytes as they are, where the pictures are alike.
func lossless(ours, theirs judgement) (ratio float64, cannot string) {
	if difference := ours.ssim - theirs.ssim; difference >= sameSSIM || difference <= -sameSSIM {
		return 0, fmt.Sprintf("lossless: Presize %d bytes at SSIM %.4f, the peer %d at %.4f",
			ours.bytes, ours.ssim, theirs.bytes, theirs.ssim)
	}
	return float64(ours.bytes) / float64(theirs.bytes), ""
}
