# How uploads reach the function, by trigger and bucket.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  bucket  = "photos"
  package = "tests/fixtures/resize.zip"
  presets = "../presets.yaml"
  cdn     = { enabled = false }
}

run "direct" {
  assert {
    condition = (
      one(aws_s3_bucket_notification.originals[0].lambda_function).filter_prefix == "originals/" &&
      one(aws_s3_bucket_notification.originals[0].lambda_function).events == toset(["s3:ObjectCreated:*"]) &&
      one(aws_s3_bucket_notification.originals[0].lambda_function).lambda_function_arn == aws_lambda_function.resize.arn &&
      alltrue([for queue in aws_s3_bucket_notification.originals[0].queue : queue.queue_arn != "arn:aws:sqs:eu-west-1:123456789012:presize-originals"]) &&
      !aws_s3_bucket_notification.originals[0].eventbridge
    )
    error_message = "S3 does not invoke the function for every original, and for nothing else."
  }

  assert {
    condition     = length(aws_lambda_event_source_mapping.originals) + length(aws_sqs_queue.originals) + length(aws_cloudwatch_event_rule.originals) == 0
    error_message = "Parts of other triggers are there."
  }

  assert {
    condition = (
      one(one(aws_lambda_function_event_invoke_config.resize[0].destination_config).on_failure).destination == "arn:aws:sqs:eu-west-1:123456789012:presize-dead-letters" &&
      aws_lambda_function_event_invoke_config.resize[0].maximum_retry_attempts == 2 &&
      aws_lambda_function_event_invoke_config.resize[0].maximum_event_age_in_seconds == 21600 &&
      aws_sqs_queue.dead_letters.sqs_managed_sse_enabled &&
      aws_sqs_queue.dead_letters.message_retention_seconds == 14 * 86400
    )
    error_message = "A failed event is not tried twice more and then kept, encrypted, for two weeks."
  }
}

run "queue" {
  variables {
    trigger = "queue"
    timeout = 100
    queue   = { batch_size = 20, batching_window_seconds = 3, maximum_receives = 7 }
  }

  assert {
    condition = (
      aws_s3_bucket_notification.originals[0].queue[0].filter_prefix == "originals/" &&
      aws_s3_bucket_notification.originals[0].queue[0].events == toset(["s3:ObjectCreated:*"]) &&
      aws_s3_bucket_notification.originals[0].queue[0].queue_arn == "arn:aws:sqs:eu-west-1:123456789012:presize-originals" &&
      length(aws_s3_bucket_notification.originals[0].lambda_function) == 0
    )
    error_message = "S3 does not tell the queue of every original, and of nothing else."
  }

  assert {
    condition     = aws_sqs_queue.originals[0].visibility_timeout_seconds == 603 && aws_sqs_queue.originals[0].sqs_managed_sse_enabled
    error_message = "A message comes back before six timeouts and the batching window are over, or is not encrypted."
  }

  assert {
    condition     = jsondecode(aws_sqs_queue.originals[0].redrive_policy) == { deadLetterTargetArn = aws_sqs_queue.dead_letters.arn, maxReceiveCount = 7 }
    error_message = "What fails again and again does not become a dead letter: ${aws_sqs_queue.originals[0].redrive_policy}"
  }

  assert {
    condition = (
      aws_lambda_event_source_mapping.originals[0].function_response_types == toset(["ReportBatchItemFailures"]) &&
      aws_lambda_event_source_mapping.originals[0].batch_size == 20 &&
      aws_lambda_event_source_mapping.originals[0].maximum_batching_window_in_seconds == 3 &&
      one(aws_lambda_event_source_mapping.originals[0].scaling_config).maximum_concurrency == 50
    )
    error_message = "A batch would fail as a whole, or is not what the variables say."
  }

  assert {
    condition     = length(aws_lambda_permission.trigger) + length(aws_lambda_function_event_invoke_config.resize) == 0
    error_message = "S3 may invoke the function past the queue."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["age"].metric_name == "ApproximateAgeOfOldestMessage" && aws_cloudwatch_metric_alarm.this["age"].dimensions == tomap({ QueueName = "presize-originals" })
    error_message = "Nobody hears of a queue that stands still."
  }
}

run "eventbridge_on_an_own_bucket" {
  variables {
    trigger = "eventbridge"
  }

  assert {
    condition     = aws_s3_bucket_notification.originals[0].eventbridge
    error_message = "The bucket does not tell EventBridge."
  }

  assert {
    condition = jsondecode(aws_cloudwatch_event_rule.originals[0].event_pattern) == {
      source      = ["aws.s3"]
      detail-type = ["Object Created"]
      detail      = { bucket = { name = ["photos"] }, object = { key = [{ prefix = "originals/" }] } }
    }
    error_message = "The rule: ${aws_cloudwatch_event_rule.originals[0].event_pattern}"
  }

  assert {
    condition = (
      one(aws_cloudwatch_event_target.resize[0].dead_letter_config).arn == "arn:aws:sqs:eu-west-1:123456789012:presize-dead-letters" &&
      one(aws_cloudwatch_event_target.resize[0].retry_policy).maximum_event_age_in_seconds == 21600 &&
      aws_cloudwatch_event_target.resize[0].arn == aws_lambda_function.resize.arn
    )
    error_message = "What EventBridge cannot deliver is lost."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.this["undelivered"].metric_name == "FailedInvocations"
    error_message = "Nobody hears of what EventBridge cannot deliver."
  }

  assert {
    condition     = output.enable_eventbridge == ""
    error_message = "An own bucket needs no command."
  }
}

run "eventbridge_on_an_existing_bucket" {
  variables {
    create_bucket = false
    trigger       = "eventbridge"
  }

  assert {
    condition     = length(aws_s3_bucket_notification.originals) == 0
    error_message = "The notification configuration of a live bucket would be replaced."
  }

  assert {
    condition     = startswith(output.enable_eventbridge, "aws s3api put-bucket-notification-configuration --bucket photos")
    error_message = "How to switch on EventBridge is not told: ${output.enable_eventbridge}"
  }
}

run "direct_on_an_existing_bucket_that_is_ours" {
  variables {
    create_bucket             = false
    owns_bucket_notifications = true
    owns_bucket_policy        = true
  }

  assert {
    condition     = aws_s3_bucket_notification.originals[0].bucket == "photos" && length(aws_s3_bucket.this) == 0
    error_message = "The existing bucket gets no notification, or is created."
  }

  assert {
    condition     = aws_s3_bucket_policy.this["originals"].bucket == "photos" && output.bucket_policy_statements == {}
    error_message = "The policy of a bucket that is ours is not written."
  }
}

run "prefix_of_presets_yaml" {
  variables {
    presets = "tests/fixtures/other-layout.yaml"
  }

  assert {
    condition     = one(aws_s3_bucket_notification.originals[0].lambda_function).filter_prefix == "users/(in)/"
    error_message = "The filter is not the prefix of presets.yaml."
  }
}
