package engine

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/presize/presize/functions/pipeline/store"
)

// inventory is the manifest.json of an S3 Inventory report
// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-location.html).
type inventory struct {
	SourceBucket string `json:"sourceBucket"`
	FileFormat   string `json:"fileFormat"`
	FileSchema   string `json:"fileSchema"`
}

// maxInventory bounds a manifest.json, in bytes: it lists the report's files, some hundred bytes each.
const maxInventory = 64 << 20

// OpenInventory makes sure that a job can take an S3 Inventory report of bucket as its list. The report stays where it is,
// and nothing of it is read but its manifest.
func OpenInventory(ctx context.Context, objects store.Objects, place Place, bucket string) (Written, error) {
	info, body, err := objects.Open(ctx, place.Key)
	if err != nil {
		return Written{}, fmt.Errorf("--inventory: %w", err)
	}
	defer body.Close()
	data, err := io.ReadAll(io.LimitReader(body, maxInventory))
	if err != nil {
		return Written{}, fmt.Errorf("--inventory: reading %s: %w", place, err)
	}
	var report inventory
	err = json.Unmarshal(data, &report)
	columns := strings.Split(report.FileSchema, ",")
	switch {
	case err != nil || report.FileFormat == "":
		return Written{}, fmt.Errorf("--inventory: %s is no manifest.json of S3 Inventory; it stands in the report's folder, beside manifest.checksum", place)
	case report.FileFormat != "CSV":
		return Written{}, fmt.Errorf("--inventory: %s lists files in %s, and S3 Batch Operations takes CSV alone; set the inventory's output format to CSV, or leave --inventory out, so that the bucket is listed", place, report.FileFormat)
	case report.SourceBucket != bucket:
		return Written{}, fmt.Errorf("--inventory: %s is of the bucket %q, and --bucket is %q", place, report.SourceBucket, bucket)
	case len(columns) < 2 || strings.TrimSpace(columns[0]) != "Bucket" || strings.TrimSpace(columns[1]) != "Key":
		return Written{}, fmt.Errorf("--inventory: the columns of %s are %q; Bucket and Key come first in every report", place, report.FileSchema)
	}
	return Written{Place: place, ETag: info.ETag, Inventory: true}, nil
}
