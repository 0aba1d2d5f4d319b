package price_test

import (
	"context"
	"fmt"
	"math"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/functions/pipeline/store"
	"github.com/presize/presize/scripts/backfill/price"
)

// TestREADME holds the estimate of a million originals to the table in README.md, but for what that leaves out.
func TestREADME(t *testing.T) {
	rates := price.Defaults()
	for _, set := range []string{"ms-per-original=600", "ms-per-megapixel=0", "ms-waiting=0"} {
		if err := rates.Set(set); err != nil {
			t.Fatal(err)
		}
	}
	work := price.Work{Originals: 1e6, Bytes: 2e12, Megapixels: 12e6, Missing: 4e6}
	got := map[string]string{}
	for _, l := range rates.Estimate(work.Usage(price.Lambda, rates)).Lines {
		got[l.What] = fmt.Sprintf("%.2f", l.Dollars)
	}
	want := map[string]string{
		"the function's time": "13.82", "invoking the function": "0.20", "writing variants": "25.00",
		"reading originals": "0.80", "looking": "2.80",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestWays(t *testing.T) {
	rates := price.Defaults()
	for _, set := range []string{"ms-per-original=10", "ms-per-megapixel=2", "ms-waiting=5"} {
		if err := rates.Set(set); err != nil {
			t.Fatal(err)
		}
	}
	work := price.Work{Originals: 10, Bytes: 1000, Megapixels: 30, Missing: 4, Stale: 3, UpToDate: 2, Looks: 50}
	for _, c := range []struct {
		way  price.Way
		want price.Usage
	}{
		{price.Here, price.Usage{Gets: 20, Puts: 22, Heads: 38, BytesOut: 1000}},
		{price.Lambda, price.Usage{Gets: 20, Puts: 22, Heads: 47, Invokes: 10, LambdaMs: 210}},
		{price.Batch, price.Usage{Gets: 20, Puts: 23, Heads: 88, Invokes: 10, LambdaMs: 210, BatchJobs: 1, BatchTasks: 10}},
	} {
		if diff := cmp.Diff(c.want, work.Usage(c.way, rates)); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", c.way, diff)
		}
		if e := rates.Estimate((price.Work{}).Usage(c.way, rates)); e.Dollars != 0 || len(e.Lines) != 0 {
			t.Errorf("%s: no work costs %+v", c.way, e)
		}
	}
	if got := work.CoreSeconds(rates); math.Abs(got-0.16) > 1e-9 {
		t.Errorf("%v core seconds, want 0.16", got)
	}
	twice := (price.Usage{Lists: 1, Heads: 2, Gets: 3, Puts: 4, Deletes: 5, Invokes: 6, LambdaMs: 7, BatchJobs: 8, BatchTasks: 9, BytesOut: 10})
	twice = twice.Plus(twice)
	if diff := cmp.Diff(price.Usage{2, 4, 6, 8, 10, 12, 14, 16, 18, 20}, twice); diff != "" {
		t.Error(diff)
	}
}

func TestSetRefuses(t *testing.T) {
	for _, c := range []struct{ assignment, want string }{
		{"s3-get", "name=value is right"},
		{"s4-get=1", "there are s3-list, s3-get"},
		{"s3-get=", "a number of 0 or more is right: dollars per 1,000"},
		{"s3-get=-1", "a number of 0 or more"},
		{"s3-get=NaN", "a number of 0 or more"},
		{"s3-get=+Inf", "a number of 0 or more"},
	} {
		if err := price.Defaults().Set(c.assignment); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", c.assignment, err, c.want)
		}
	}
}

// cat is a photo, and the presets of this project.
func cat(t *testing.T) ([]byte, *preset.Config) {
	t.Helper()
	data, err := os.ReadFile("../../../testdata/originals/photos/cat.jpg")
	if err != nil {
		t.Fatal(err)
	}
	config, err := preset.LoadFile("../../../presets.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return data, config
}

// TestSample holds that a sample reads what it says, in whatever order the originals come, and leaves out what is none.
func TestSample(t *testing.T) {
	data, config := cat(t)
	ctx, bucket := context.Background(), store.NewMemory()
	forth, back := price.Sample{Size: 7}, price.Sample{Size: 7}
	for i := range 40 {
		o := store.Object{Body: data}
		if i%2 == 0 {
			o.Body = []byte("no image")
		}
		if _, err := bucket.Put(ctx, fmt.Sprintf("originals/%d", i), o); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 40 {
		forth.Add(store.Info{Key: fmt.Sprintf("originals/%d", i), Size: 1})
		back.Add(store.Info{Key: fmt.Sprintf("originals/%d", 39-i), Size: 1})
	}
	perByte, read, err := forth.Density(ctx, bucket, config)
	again, readAgain, errAgain := back.Density(ctx, bucket, config)
	if err != nil || errAgain != nil || read != readAgain || perByte != again {
		t.Errorf("%v by %d, %v; in the other order %v by %d, %v", perByte, read, err, again, readAgain, errAgain)
	}
	if read == 0 || read == 7 || perByte*float64(len(data)) < 0.1 || perByte*float64(len(data)) > 0.2 {
		t.Errorf("%v megapixels by %d photos; cat.jpg has 0.14", perByte*float64(len(data)), read)
	}
	if n, _, err := (&price.Sample{}).Density(ctx, bucket, config); n != 0 || err != nil {
		t.Errorf("a sample of none: %v, %v", n, err)
	}
	bucket.Hook(func(context.Context, store.Call) error { return store.ErrDenied })
	if _, _, err := forth.Density(ctx, bucket, config); err == nil {
		t.Error("denied, and no error")
	}
}
