package invoke_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/presize/presize/functions/invoke"
)

func TestReadSettings(t *testing.T) {
	tests := map[string]struct {
		environment map[string]string
		want        invoke.Settings
		wrong       []string
	}{
		"empty": {nil, invoke.Settings{Namespace: "Presize", Margin: time.Second, Function: "resize"}, nil},
		"all of it": {
			map[string]string{
				"PRESIZE_PRESETS": "s3://config/a/presets.yaml", "PRESIZE_TARGET_BUCKET": "photos-resized",
				"PRESIZE_PATH_STYLE": "true", "PRESIZE_METRICS_NAMESPACE": "none", "PRESIZE_DEADLINE_MARGIN": "250ms",
				"AWS_LAMBDA_FUNCTION_NAME": "thumbnails",
			},
			invoke.Settings{
				Presets: "s3://config/a/presets.yaml", Target: "photos-resized", PathStyle: true, Namespace: "none",
				Margin: 250 * time.Millisecond, Function: "thumbnails",
			}, nil,
		},
		"everything wrong, all of it said": {
			map[string]string{
				"PRESIZE_PRESETS": "s3://config", "PRESIZE_TARGET_BUCKET": "s3://photos", "PRESIZE_PATH_STYLE": "yes please",
				"PRESIZE_DEADLINE_MARGIN": "-1s",
			},
			invoke.Settings{},
			[]string{
				`PRESIZE_PRESETS is "s3://config"; an S3 address is s3://bucket/key`,
				`PRESIZE_TARGET_BUCKET is "s3://photos"; it must be a bucket's name alone`,
				`PRESIZE_PATH_STYLE is "yes please"; it must be true or false`,
				`PRESIZE_DEADLINE_MARGIN is "-1s"; it must be a duration such as 1s or 500ms`,
			},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			got, err := invoke.ReadSettings(func(name string) string { return test.environment[name] })
			if len(test.wrong) > 0 {
				for _, message := range test.wrong {
					if err == nil || !strings.Contains(err.Error(), message) {
						t.Errorf("error %v does not say: %s", err, message)
					}
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			ignore := cmpopts.IgnoreFields(invoke.Settings{}, "Presets")
			if test.environment != nil {
				ignore = cmp.Options{}
			}
			if diff := cmp.Diff(test.want, got, ignore); diff != "" {
				t.Errorf("settings (-want +got):\n%s", diff)
			}
		})
	}
}
