package report_test

import (
	"errors"
	"time"

	"github.com/presize/presize/functions/pipeline/report"
)

var now = time.Date(2026, 3, 14, 9, 26, 53, 589_793_238, time.UTC)

// done is an original with everything in its account.
func done() report.Original {
	return report.Original{
		Bucket: "photos", Key: "originals/a b/é.jpg", ETag: "9b2cf535f27731c974343645a3985328", Type: "jpeg",
		Width: 4032, Height: 3024, Frames: 1, BytesIn: 5_000_000, Rounds: 2, Outcome: report.Done,
		Variants: []report.Variant{
			{
				Preset: "small", Key: "resized/small/a b/é.jpg", Width: 368, Height: 276, Bytes: 20_000, Type: "image/jpeg",
				Written: true, Render: 12_345_678 * time.Nanosecond, Upload: 30 * time.Millisecond,
			},
			{
				Preset: "thumbnail", Key: "resized/thumbnail/a b/é.webp", Width: 150, Height: 150, Bytes: 4_000,
				Type: "image/webp", Written: true, Render: 5 * time.Millisecond, Upload: 25 * time.Millisecond,
			},
			{
				Preset: "large", Key: "resized/large/a b/é.jpg", Width: 1440, Height: 1080, Bytes: 300_000,
				Type: "image/jpeg", Render: 40 * time.Millisecond, Upload: 9 * time.Millisecond,
			},
		},
		Stages: report.Stages{
			Fetch: 50 * time.Millisecond, Probe: 42 * time.Microsecond, Master: 70 * time.Millisecond,
			Render: 57345678, Upload: 64 * time.Millisecond, Verify: 8 * time.Millisecond,
		},
		Total: 200 * time.Millisecond,
	}
}

// failed is an original that one preset could not be made of, and that came to no verify.
func failed() report.Original {
	o := done()
	o.Outcome, o.Reason, o.Err, o.Rounds = report.Failed, "key-taken", errors.New("resized/large/x.jpg is of originals/y.jpg"), 1
	o.Variants[2] = report.Variant{
		Preset: "large", Key: "resized/large/x.jpg", Reason: "key-taken", Err: errors.New("is of originals/y.jpg"),
		Render: 40 * time.Millisecond,
	}
	o.Variants = append(o.Variants, report.Variant{})
	o.Stages.Verify = 0
	return o
}

// short is an original of which not much is known.
func short(outcome report.Outcome, reason string, err error) report.Original {
	return report.Original{
		Bucket: "photos", Key: "originals/notes.txt", Outcome: outcome, Reason: reason, Err: err, Total: 1500 * time.Microsecond,
	}
}
