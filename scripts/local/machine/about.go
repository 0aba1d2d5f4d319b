package machine

import (
	"fmt"

	"github.com/presize/presize/functions/pipeline/preset"
	"github.com/presize/presize/scripts/local/bucket"
	"github.com/presize/presize/scripts/local/page"
)

func (m *Machine) about() page.About {
	about := page.About{
		Bucket: Bucket, Originals: m.Config.Originals, Presets: []page.Preset{}, S3: m.S3, CDN: m.CDN, API: m.API, Command: m.Command(),
	}
	for _, p := range m.Config.Presets {
		about.Presets = append(about.Presets, page.Preset{Name: p.Name, Text: inWords(p)})
	}
	return about
}

// Command is the shell command that uploads a file with the AWS CLI.
func (m *Machine) Command() string {
	return fmt.Sprintf(
		"AWS_ACCESS_KEY_ID=%s AWS_SECRET_ACCESS_KEY=%s \\\n  AWS_DEFAULT_REGION=%s aws --endpoint-url %s \\\n  s3 cp photo.jpg s3://%s/%s",
		bucket.AccessKey, bucket.SecretKey, bucket.Region, m.S3, Bucket, m.Config.Originals)
}

func inWords(p preset.Preset) string {
	size := ""
	switch {
	case p.Width > 0 && p.Height > 0:
		size = fmt.Sprintf("%d × %d", p.Width, p.Height)
	case p.Width > 0:
		size = fmt.Sprintf("%d wide", p.Width)
	case p.Height > 0:
		size = fmt.Sprintf("%d high", p.Height)
	}
	if p.Width > 0 && p.Height > 0 {
		size += " " + string(p.Fit)
	}
	if p.Format != preset.Original {
		size += " " + string(p.Format)
	}
	return size
}
