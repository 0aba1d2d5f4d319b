package report_test

import (
	"math"

	"github.com/presize/presize/scripts/bench/result"
)

// madeUp is a run that was never measured: plausible figures with everything in them that a report must cope with.
func madeUp() *result.Run {
	run := &result.Run{
		Machine: result.Machine{CPU: "AMD EPYC 7R13", Cores: 2, Memory: 24 << 30, System: "linux/amd64 6.1", Pinned: true, Date: "2026-11-21"},
		Rounds:  9,
	}
	for _, v := range [][2]string{
		{"libvips", "8.18.7"}, {"go", "1.26.1"}, {"node", "24.11.0"}, {"sharp", "0.35.5"}, {"jimp", "1.6.1"}, {"bimg", "1.1.9"},
	} {
		run.Versions = append(run.Versions, result.Version{Name: v[0], Version: v[1]})
	}
	for _, c := range [][2]string{
		{"presize", "functions/pipeline/imaging as it is shipped"}, {"presize-2-cores", "the same on two cores"},
		{"blog", "sharp, one decode for each variant, one after the other"}, {"blog-parallel", "the same with Promise.all"},
		{"sharp-once", "sharp with one decode and clone()"}, {"bimg", "bimg by itself"}, {"jimp", "Jimp"},
		{"floor", "the least that libvips can do it with, in C"},
	} {
		run.Contestants = append(run.Contestants, result.Contestant{Name: c[0], About: c[1], Cores: 1})
	}
	run.Contestants[1].Cores = 2
	for i, f := range []struct {
		name          string
		width, height int
		cpu           float64 // ms of Presize
		by            []float64
	}{
		{"phone-12mp.jpg", 4032, 3024, 172, []float64{1, 1.04, 3.1, 3.2, 1.5, 2.6, 21, 0.97}},
		{"camera-24mp.jpg", 6000, 4000, 297, []float64{1, 1.02, 3.4, 3.5, 1.6, 2.9, 24, 0.96}},
		{"progressive-24mp.jpg", 6000, 4000, 610, []float64{1, 1.01, 3.9, 3.9, 1.4, 3.3, 12, 0.98}},
		{"web-2mp.jpg", 1920, 1080, 61, []float64{1, 1.1, 1.9, 2, 1.2, 1.8, 16, 0.94}},
		{"cat.jpg", 451, 300, 21, []float64{1, 1.2, 0.9, 0.95, 0.97, 1.1, 6, 0.88}},
		{"screenshot.png", 2880, 1800, 497, []float64{1, 1.02, 2.1, 2.1, 1.3, 2.2, 5, 0.97}},
		{"logo-alpha.png", 2000, 2000, 320, []float64{1, 1, 2.4, 2.4, 1.5, 0, 7, 0.95}},
		{"photo.webp", 4000, 3000, 640, []float64{1, 1.02, 2.9, 2.9, 1.4, 2.5, 0, 0.98}},
		{"photo.avif", 3000, 2000, 4100, []float64{1, 1.01, 1.1, 1.1, 1.05, 0, 0, 0.99}},
		{"animated.gif", 480, 270, 1500, []float64{1, 1.01, 2.2, 2.2, 1.7, 0, 0, 0.96}},
		{"phone.heic", 4032, 3024, 2900, []float64{1, 1.01, 0, 0, 0, 0, 0, 0}},
	} {
		run.Files = append(run.Files, result.File{
			Name: f.name, Path: "/corpus/" + f.name, Width: f.width, Height: f.height, Bytes: int64(f.width*f.height) / 4, About: "made up",
		})
		for k, by := range f.by {
			run.Cells = append(run.Cells, madeUpCell(run, i, k, f.cpu*by))
		}
	}
	addInvocations(run)
	return run
}

func madeUpCell(run *result.Run, file, contestant int, cpu float64) result.Cell {
	c := result.Cell{File: run.Files[file].Name, Contestant: run.Contestants[contestant].Name}
	if cpu == 0 {
		c.Cannot = c.Contestant + " does not read " + c.File[len(c.File)-4:]
		return c
	}
	for i := range 9 {
		jitter := 1 + 0.02*math.Sin(float64(7*file+3*contestant+5*i))
		wall := cpu * 1.02
		if c.Contestant == "presize-2-cores" {
			wall = cpu * 0.56
		}
		c.Samples = append(c.Samples, result.Sample{CPU: cpu * jitter, Wall: wall * jitter})
	}
	c.Peaks = []int64{int64(60+float64(contestant)*40) << 20}
	for i, preset := range []string{"small", "medium", "large", "thumbnail"} {
		c.Variants = append(c.Variants, result.Variant{
			Preset: preset, Width: 368, Height: 245, Bytes: int64(12000 * (i + 1)), SSIM: 0.98 - 0.001*float64(contestant),
		})
		if contestant >= 2 && contestant < 7 {
			e := result.Equal{File: c.File, Preset: preset, Contestant: c.Contestant, Ratio: 0.95 + 0.01*float64(contestant)}
			if file == 5 && preset == "large" {
				e.Ratio, e.Cannot = 0, "lossless: Presize 812345 bytes at SSIM 0.9990, the peer 400000 at 0.9801"
			}
			run.Equal = append(run.Equal, e)
		}
	}
	switch {
	case c.Contestant == "bimg" && file == 6:
		c.Short = "thumbnail at WebP effort 4; a dark ring around transparency"
	case c.Contestant == "bimg":
		c.Short = "thumbnail at WebP effort 4"
	case c.Contestant == "jimp":
		c.Short = "thumbnail as PNG, for it writes no WebP"
		c.Variants[3].SSIM = 0
	}
	return c
}

func addInvocations(run *result.Run) {
	for _, name := range []string{"cat.jpg", "phone-12mp.jpg", "phone.heic"} {
		for k, contestant := range []string{"presize", "blog"} {
			one := result.Invocation{File: name, Contestant: contestant}
			if name == "phone.heic" && contestant == "blog" {
				one.Cannot = "sharp does not read HEVC"
				run.Invocations = append(run.Invocations, one)
				continue
			}
			for i := range 5 {
				ms := 190*float64(1+2*k) + float64(i)
				one.Samples = append(one.Samples, result.Sample{CPU: ms, Wall: ms + 20})
			}
			one.Requests = map[string]int{"GET": 1, "PUT": 4 + k, "HEAD": 1 - k}
			run.Invocations = append(run.Invocations, one)
		}
	}
	for _, file := range []string{"cat.jpg", "phone-12mp.jpg"} {
		cold := func(contestant, cache string, peak int64, samples ...float64) {
			run.Cold = append(run.Cold, result.Cold{File: file, Contestant: contestant, Cache: cache, Samples: samples, Peak: peak})
		}
		cold("presize", "warm", 31<<20, 55, 57, 59)
		cold("node-sharp", "warm", 79<<20, 131, 140, 161)
		cold("presize", "cold", 31<<20, 92, 95, 99)
		cold("node-sharp", "cold", 79<<20, 250, 258, 290)
	}
}
