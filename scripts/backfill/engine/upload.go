package engine

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
)

// upload writes one object in parts, of at least 5 MiB but for the last.
type upload struct {
	client *s3.Client
	place  Place
	id     *string
	parts  []types.CompletedPart
}

func (u *upload) begun() bool { return u.id != nil }

func (u *upload) part(ctx context.Context, body []byte) error {
	if !u.begun() {
		out, err := u.client.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{
			Bucket: &u.place.Bucket, Key: &u.place.Key, ContentType: aws.String("text/csv"),
			ChecksumAlgorithm: types.ChecksumAlgorithmCrc32,
		})
		if err != nil {
			return err
		}
		u.id = out.UploadId
	}
	sum := base64.StdEncoding.EncodeToString(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(body)))
	number := aws.Int32(int32(len(u.parts) + 1))
	out, err := u.client.UploadPart(ctx, &s3.UploadPartInput{
		Bucket: &u.place.Bucket, Key: &u.place.Key, UploadId: u.id, PartNumber: number,
		Body: bytes.NewReader(body), ContentLength: aws.Int64(int64(len(body))), ChecksumCRC32: &sum,
	})
	if err != nil {
		return err
	}
	u.parts = append(u.parts, types.CompletedPart{ETag: out.ETag, PartNumber: number, ChecksumCRC32: &sum})
	return nil
}

func (u *upload) complete(ctx context.Context) (etag string, err error) {
	out, err := u.client.CompleteMultipartUpload(ctx, &s3.CompleteMultipartUploadInput{
		Bucket: &u.place.Bucket, Key: &u.place.Key, UploadId: u.id,
		MultipartUpload: &types.CompletedMultipartUpload{Parts: u.parts},
	})
	if err != nil {
		return "", err
	}
	return strings.Trim(aws.ToString(out.ETag), `"`), nil
}

// abort drops the parts, which are paid for until then.
func (u *upload) abort(ctx context.Context) error {
	if !u.begun() {
		return nil
	}
	_, err := u.client.AbortMultipartUpload(context.WithoutCancel(ctx), &s3.AbortMultipartUploadInput{
		Bucket: &u.place.Bucket, Key: &u.place.Key, UploadId: u.id,
	})
	return err
}
