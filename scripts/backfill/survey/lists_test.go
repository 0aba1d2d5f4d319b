package survey_test

import (
	"context"
	"fmt"
	"iter"
	"sync/atomic"
	"testing"
	"time"

	"github.com/presize/presize/functions/pipeline/store"
	"github.com/presize/presize/scripts/backfill/survey"
)

// paged is a bucket that answers a LIST with 1,000 keys, as S3 does, after a while.
type paged struct {
	*generated

	takes time.Duration
	pages atomic.Int64
}

func (p *paged) List(ctx context.Context, prefix, after string) iter.Seq2[store.Info, error] {
	return func(yield func(store.Info, error) bool) {
		p.page()
		seen := 0
		for info, err := range p.generated.List(ctx, prefix, after) {
			if seen > 0 && seen%1000 == 0 {
				p.page()
			}
			seen++
			if !yield(info, err) {
				return
			}
		}
	}
}

func (p *paged) page() {
	p.pages.Add(1)
	time.Sleep(p.takes)
}

// TestLists holds that ranges cost a small bucket nothing, and others little more than what one listing would.
func TestLists(t *testing.T) {
	for _, c := range []struct {
		originals int
		most      float64 // LISTs, as a multiple of those of an ordered walk
	}{{100, 1}, {20_000, 1}, {60_000, 1.7}, {300_000, 1.4}} {
		lists := map[string]int64{}
		for _, how := range []string{"ordered", "one", "parallel"} {
			bucket := &paged{generated: &generated{originals: c.originals}}
			s := &survey.Survey{Config: config(t, presets), Originals: bucket, Variants: bucket, TrustListing: true, Ordered: how == "ordered"}
			if how == "one" {
				s.Parallel = 1
			}
			count := 0
			cost, err := s.Walk(t.Context(), func(f survey.Finding) error {
				count += len(f.Originals)
				return nil
			})
			if err != nil || count != c.originals {
				t.Fatalf("%s: %d originals of %d, %v", how, count, c.originals, err)
			}
			lists[how] = bucket.pages.Load()
			if pages := bucket.pages.Load(); pages < cost.Lists || pages > cost.Lists+8 {
				t.Errorf("%s: %d LISTs were counted, and %d were sent", how, cost.Lists, pages)
			}
		}
		t.Logf("%d originals: %v", c.originals, lists)
		if lists["one"] != lists["ordered"] || float64(lists["parallel"]) > c.most*float64(lists["ordered"]) {
			t.Errorf("%d originals: %v LISTs, want at most %.1f of the ordered", c.originals, lists, c.most)
		}
	}
}

// BenchmarkLists shows what ranges gain when every LIST takes a while.
func BenchmarkLists(b *testing.B) {
	for _, originals := range []int{20_000, 200_000, 2_000_000} {
		for _, ordered := range []bool{true, false} {
			b.Run(fmt.Sprintf("originals=%d/ordered=%v", originals, ordered), func(b *testing.B) {
				bucket := &paged{generated: &generated{originals: originals}, takes: 20 * time.Millisecond}
				for b.Loop() {
					s := &survey.Survey{Config: config(b, presets), Originals: bucket, Variants: bucket, TrustListing: true, Ordered: ordered}
					if _, err := s.Walk(b.Context(), func(survey.Finding) error { return nil }); err != nil {
						b.Fatal(err)
					}
				}
				b.ReportMetric(float64(bucket.pages.Load())/float64(b.N), "LISTs")
				b.ReportMetric(3*float64(originals*b.N)/b.Elapsed().Seconds(), "objects/s")
			})
		}
	}
}
