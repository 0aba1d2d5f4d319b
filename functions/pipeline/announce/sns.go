package announce

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/arn"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sns/types"
	smithy "github.com/aws/smithy-go"

	"github.com/presize/presize/functions/pipeline/report"
)

// SNS announces to a topic. Besides the event's JSON a message has the attributes that subscriptions filter by:
//
//	kind     String        created, removed
//	status   String        ready, partial, failed, removed
//	prefix   String        the original's folder, without a slash at its end; missing at the top
//	presets  String.Array  names of presets; missing when there are none
//
// SNS takes no empty attribute: {"prefix": [{"exists": false}]} is the filter for originals at the top. On a FIFO topic
// the events of one original stay in order.
type SNS struct {
	client *sns.Client
	topic  arn.ARN
}

// NewSNS announces to the topic of this ARN.
func NewSNS(client *sns.Client, topicARN string) (*SNS, error) {
	topic, err := arn.Parse(topicARN)
	if err != nil || topic.Service != "sns" || topic.Region == "" || topic.Resource == "" || strings.Contains(topic.Resource, ":") {
		return nil, fmt.Errorf("topic is %q; it must be an ARN like arn:aws:sns:eu-west-1:123456789012:presize", topicARN)
	}
	return &SNS{client: client, topic: topic}, nil
}

// Announce publishes one message.
func (s *SNS) Announce(ctx context.Context, event report.Completion) error {
	message := &sns.PublishInput{TopicArn: aws.String(s.topic.String()), MessageAttributes: attributes(event)}
	limit := maxBytes - size(message.MessageAttributes)
	if limit < maxBytes/2 { // of thousands of presets: nobody can filter by them
		delete(message.MessageAttributes, "presets")
		limit = maxBytes - size(message.MessageAttributes)
	}
	_, data, err := event.Fit(limit)
	if err != nil {
		return err
	}
	message.Message = aws.String(string(data))
	if strings.HasSuffix(s.topic.Resource, ".fifo") {
		group := sha256.Sum256([]byte(event.Bucket + "\x00" + event.Original.Key))
		message.MessageGroupId = aws.String(hex.EncodeToString(group[:]))
		// With the ID alone an upload that is deleted and uploaded again within five minutes would not be told of again.
		message.MessageDeduplicationId = aws.String(event.ID + "-" + strconv.FormatInt(event.Time.UnixMilli(), 10))
	}
	_, err = s.client.Publish(ctx, message, func(o *sns.Options) { o.Region = s.topic.Region })
	return s.describe(event, err)
}

func (s *SNS) describe(event report.Completion, err error) error {
	if err == nil {
		return nil
	}
	where := "the SNS topic " + s.topic.String()
	api, _ := errors.AsType[smithy.APIError](err)
	if api == nil {
		return failed(event, where, nil, err, "")
	}
	switch api.ErrorCode() {
	case "AuthorizationError", "AccessDenied", "AccessDeniedException":
		return failed(event, where, ErrDenied, err, "the function's role needs sns:Publish on it")
	case "KMSAccessDenied":
		return failed(event, where, ErrDenied, err, "the function's role needs kms:GenerateDataKey and kms:Decrypt on the topic's key")
	case "NotFound", "ResourceNotFound":
		return failed(event, where, ErrNotFound, err, "create it, or correct its ARN")
	default:
		return failed(event, where, nil, err, "")
	}
}

// attributes are what subscriptions filter by.
func attributes(event report.Completion) map[string]types.MessageAttributeValue {
	out := map[string]types.MessageAttributeValue{}
	set := func(name, dataType, value string) {
		if value != "" {
			out[name] = types.MessageAttributeValue{DataType: &dataType, StringValue: &value}
		}
	}
	set("kind", "String", string(event.Kind))
	set("status", "String", string(event.Status))
	set("prefix", "String", speakable(event.Prefix))
	if len(event.Presets) > 0 {
		names, err := json.Marshal(event.Presets)
		if err == nil { // strings always can be
			set("presets", "String.Array", string(names))
		}
	}
	return out
}

// speakable replaces the characters that XML 1.0, and so an attribute's value, does not have.
func speakable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
			return 0xFFFD
		}
		return r
	}, s)
}

// size is what attributes take of a message's size: names, types and values.
func size(attributes map[string]types.MessageAttributeValue) int {
	sum := 0
	for name, a := range attributes {
		sum += len(name) + len(*a.DataType) + len(*a.StringValue)
	}
	return sum
}
