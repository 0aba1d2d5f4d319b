package invoke

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/presize/presize/functions/pipeline/report"
)

// Settings are what a function's environment says.
type Settings struct {
	Presets   string        // PRESIZE_PRESETS: path of presets.yaml, or s3://bucket/key; default: the file beside the program
	Target    string        // PRESIZE_TARGET_BUCKET: bucket of the variants; default: the original's own
	PathStyle bool          // PRESIZE_PATH_STYLE: buckets in the path, as most S3-compatible servers need
	Namespace string        // PRESIZE_METRICS_NAMESPACE: of the CloudWatch metrics; "none" turns them off
	BaseURL   string        // PRESIZE_BASE_URL: what the URLs in manifests begin with; default: "/"
	CDN       string        // PRESIZE_DISTRIBUTION_ID: of CloudFront, which forgets what is overwritten or removed; default: none
	Topic     string        // PRESIZE_TOPIC_ARN: of SNS, for completion events; default: none
	Bus       string        // PRESIZE_EVENT_BUS: name or ARN, of EventBridge, for completion events; default: none
	Margin    time.Duration // PRESIZE_DEADLINE_MARGIN: how long before the function's timeout it stops
	Function  string        // AWS_LAMBDA_FUNCTION_NAME
}

// defaults are the settings of an empty environment.
func defaults() Settings {
	return Settings{Presets: besideProgram("presets.yaml"), Namespace: "Presize", Margin: time.Second, Function: "resize"}
}

// besideProgram is where a deployment package keeps its files.
func besideProgram(name string) string {
	if root := os.Getenv("LAMBDA_TASK_ROOT"); root != "" {
		return filepath.Join(root, name)
	}
	if program, err := os.Executable(); err == nil {
		return filepath.Join(filepath.Dir(program), name)
	}
	return name
}

// ReadSettings reads the environment through get, os.Getenv's form. Its error joins every variable that is wrong.
func ReadSettings(get func(string) string) (Settings, error) {
	s := defaults()
	var wrong []error
	text := func(name string, into *string) {
		if value := get(name); value != "" {
			*into = value
		}
	}
	text("PRESIZE_PRESETS", &s.Presets)
	text("PRESIZE_TARGET_BUCKET", &s.Target)
	text("PRESIZE_METRICS_NAMESPACE", &s.Namespace)
	text("PRESIZE_BASE_URL", &s.BaseURL)
	text("PRESIZE_DISTRIBUTION_ID", &s.CDN)
	text("PRESIZE_TOPIC_ARN", &s.Topic)
	text("PRESIZE_EVENT_BUS", &s.Bus)
	text("AWS_LAMBDA_FUNCTION_NAME", &s.Function)
	if value := get("PRESIZE_PATH_STYLE"); value != "" {
		parsed, err := strconv.ParseBool(value)
		if err != nil {
			wrong = append(wrong, fmt.Errorf("PRESIZE_PATH_STYLE is %q; it must be true or false", value))
		}
		s.PathStyle = parsed
	}
	if value := get("PRESIZE_DEADLINE_MARGIN"); value != "" {
		parsed, err := time.ParseDuration(value)
		if err != nil || parsed < 0 {
			wrong = append(wrong, fmt.Errorf("PRESIZE_DEADLINE_MARGIN is %q; it must be a duration such as 1s or 500ms", value))
		}
		s.Margin = parsed
	}
	return s, errors.Join(append(wrong, s.Validate())...)
}

// Validate joins everything that is wrong with the settings.
func (s Settings) Validate() error {
	var wrong []error
	if rest, ok := strings.CutPrefix(s.Presets, "s3://"); ok {
		if bucket, key, _ := strings.Cut(rest, "/"); bucket == "" || key == "" {
			wrong = append(wrong, fmt.Errorf("PRESIZE_PRESETS is %q; an S3 address is s3://bucket/key", s.Presets))
		}
	}
	if strings.ContainsAny(s.Target, "/: ") {
		wrong = append(wrong, fmt.Errorf("PRESIZE_TARGET_BUCKET is %q; it must be a bucket's name alone", s.Target))
	}
	if _, err := report.NewLinks(s.BaseURL); err != nil {
		wrong = append(wrong, fmt.Errorf("PRESIZE_BASE_URL: %w", err))
	}
	return errors.Join(wrong...)
}
