package report_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/presize/presize/functions/pipeline/report"
)

func TestLog(t *testing.T) {
	for name, c := range map[string]struct {
		original report.Original
		want     string
	}{
		"done": {done(), `{
			"level": "INFO", "msg": "original done", "request": "r1",
			"original": "originals/a b/é.jpg", "bucket": "photos", "etag": "9b2cf535f27731c974343645a3985328", "type": "jpeg",
			"width": 4032, "height": 3024, "frames": 1, "bytes": 5000000, "outcome": "done", "rounds": 2, "ms": 200,
			"stage_ms": {"fetch": 50, "probe": 0.042, "master": 70, "render": 57.346, "upload": 64, "verify": 8},
			"variants": [
				{"preset": "small", "variant": "resized/small/a b/é.jpg", "type": "image/jpeg", "width": 368, "height": 276, "bytes": 20000, "ms": 42.346, "written": true},
				{"preset": "thumbnail", "variant": "resized/thumbnail/a b/é.webp", "type": "image/webp", "width": 150, "height": 150, "bytes": 4000, "ms": 30, "written": true},
				{"preset": "large", "variant": "resized/large/a b/é.jpg", "type": "image/jpeg", "width": 1440, "height": 1080, "bytes": 300000, "ms": 49, "written": false}
			]}`},
		"failed": {failed(), `{
			"level": "WARN", "msg": "original failed", "request": "r1",
			"original": "originals/a b/é.jpg", "bucket": "photos", "etag": "9b2cf535f27731c974343645a3985328", "type": "jpeg",
			"width": 4032, "height": 3024, "frames": 1, "bytes": 5000000, "outcome": "failed", "reason": "key-taken",
			"error": "resized/large/x.jpg is of originals/y.jpg", "ms": 200,
			"stage_ms": {"fetch": 50, "probe": 0.042, "master": 70, "render": 57.346, "upload": 64},
			"variants": [
				{"preset": "small", "variant": "resized/small/a b/é.jpg", "type": "image/jpeg", "width": 368, "height": 276, "bytes": 20000, "ms": 42.346, "written": true},
				{"preset": "thumbnail", "variant": "resized/thumbnail/a b/é.webp", "type": "image/webp", "width": 150, "height": 150, "bytes": 4000, "ms": 30, "written": true},
				{"preset": "large", "variant": "resized/large/x.jpg", "ms": 40, "written": false, "reason": "key-taken", "error": "is of originals/y.jpg"}
			]}`},
		"skipped": {short(report.Skipped, "not-below-originals", nil), `{
			"level": "INFO", "msg": "original skipped", "request": "r1", "original": "originals/notes.txt", "bucket": "photos",
			"outcome": "skipped", "reason": "not-below-originals", "ms": 1.5}`},
		"gone": {short(report.Gone, "deleted", nil), `{
			"level": "INFO", "msg": "original gone", "request": "r1", "original": "originals/notes.txt", "bucket": "photos",
			"outcome": "gone", "reason": "deleted", "ms": 1.5}`},
		"retry": {short(report.Retry, "transient", errors.New("SlowDown")), `{
			"level": "ERROR", "msg": "original retry", "request": "r1", "original": "originals/notes.txt", "bucket": "photos",
			"outcome": "retry", "reason": "transient", "error": "SlowDown", "ms": 1.5}`},
		"malformed event": {report.Original{Outcome: report.Failed, Reason: "malformed-event", Err: errors.New("what")}, `{
			"level": "WARN", "msg": "original failed", "request": "r1", "outcome": "failed", "reason": "malformed-event",
			"error": "what", "ms": 0}`},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			c.original.Log(context.WithValue(t.Context(), requestKey{}, "r1"), slog.New(contextual{slog.NewJSONHandler(&out, nil)}))
			if lines := strings.Count(out.String(), "\n"); lines != 1 {
				t.Errorf("%d lines", lines)
			}
			got, want := object(t, out.Bytes()), object(t, []byte(c.want))
			delete(got, "time")
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("line (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLogIsTheSameEachTime(t *testing.T) {
	line := func() string {
		var out bytes.Buffer
		done().Log(t.Context(), slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{
			ReplaceAttr: func(groups []string, a slog.Attr) slog.Attr {
				if len(groups) == 0 && a.Key == slog.TimeKey {
					return slog.Attr{}
				}
				return a
			},
		})))
		return out.String()
	}
	if a, b := line(), line(); a != b || !strings.HasPrefix(a, `level=INFO msg="original done" original="originals/a b/é.jpg" bucket=photos`) {
		t.Errorf("two lines of one account:\n%s%s", a, b)
	}
}

type requestKey struct{}

// contextual adds what the context says, as the Lambda handler does.
type contextual struct{ slog.Handler }

func (c contextual) Handle(ctx context.Context, r slog.Record) error {
	r.AddAttrs(slog.Any("request", ctx.Value(requestKey{})))
	return c.Handler.Handle(ctx, r)
}

func object(t *testing.T, data []byte) map[string]any {
	t.Helper()
	var fields map[string]any
	if err := json.Unmarshal(data, &fields); err != nil {
		t.Fatalf("%v in %s", err, data)
	}
	return fields
}
