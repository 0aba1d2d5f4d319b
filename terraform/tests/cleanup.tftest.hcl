# How removals reach their function, by trigger, and what it may do, as the real provider renders it.

provider "aws" {
  region                      = "eu-west-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}

override_data {
  target = data.aws_caller_identity.current
  values = { account_id = "123456789012" }
}

variables {
  bucket  = "photos"
  package = "tests/fixtures/resize.zip"
  presets = "../presets.yaml"
  cdn     = { enabled = false }
}

run "removals_of_the_direct_trigger" {
  command = plan

  assert {
    condition = jsonencode([for queue in aws_s3_bucket_notification.originals[0].queue : [queue.id, queue.queue_arn, queue.events, queue.filter_prefix]]) == jsonencode([
      ["presize-removed", "arn:aws:sqs:eu-west-1:123456789012:presize-removed", ["s3:LifecycleExpiration:*", "s3:ObjectRemoved:*"], "originals/"],
    ])
    error_message = "S3 does not tell of every removal of an original, by lifecycle rules too, or tells of others: ${jsonencode(aws_s3_bucket_notification.originals[0].queue)}"
  }

  assert {
    condition     = jsonencode([for function in aws_s3_bucket_notification.originals[0].lambda_function : [function.events, function.filter_prefix]]) == jsonencode([[["s3:ObjectCreated:*"], "originals/"]])
    error_message = "Uploads go another way: ${jsonencode(aws_s3_bucket_notification.originals[0].lambda_function)}"
  }

  # 500 removals are an invocation or two, each with one request for deletion and one to CloudFront.
  assert {
    condition = (
      aws_lambda_event_source_mapping.removed[0].batch_size == 500 &&
      aws_lambda_event_source_mapping.removed[0].maximum_batching_window_in_seconds == 5 &&
      one(aws_lambda_event_source_mapping.removed[0].scaling_config).maximum_concurrency == 2 &&
      aws_lambda_event_source_mapping.removed[0].function_response_types == toset(["ReportBatchItemFailures"]) &&
      aws_lambda_event_source_mapping.removed[0].enabled
    )
    error_message = "Removals are not taken in large batches, or a batch would fail as a whole."
  }

  assert {
    condition = (
      aws_sqs_queue.removed[0].visibility_timeout_seconds == 725 && # six timeouts and the window
      aws_sqs_queue.removed[0].message_retention_seconds == 14 * 86400 &&
      aws_sqs_queue.removed[0].sqs_managed_sse_enabled
    )
    error_message = "A removal comes back while it is worked on, is forgotten early, or is not encrypted."
  }

  assert {
    condition = (
      aws_lambda_function.cleanup[0].function_name == "presize-cleanup" &&
      aws_lambda_function.cleanup[0].filename == "tests/fixtures/cleanup.zip" &&
      aws_lambda_function.cleanup[0].memory_size == aws_lambda_function.resize.memory_size &&
      aws_lambda_function.cleanup[0].architectures == aws_lambda_function.resize.architectures &&
      aws_lambda_function.cleanup[0].timeout == 120 &&
      aws_lambda_function.cleanup[0].reserved_concurrent_executions == 2 &&
      one(aws_lambda_function.cleanup[0].logging_config).log_group == "/aws/lambda/presize-cleanup" &&
      aws_cloudwatch_log_group.cleanup[0].retention_in_days == 30
    )
    error_message = "Not the function that cleans up: its zip, resize's memory, two at a time, a log of its own."
  }

  assert {
    condition     = jsonencode(one(aws_lambda_function.cleanup[0].environment).variables) == jsonencode(one(aws_lambda_function.resize.environment).variables)
    error_message = "The two functions are told different things."
  }

  assert {
    condition = (
      aws_cloudwatch_metric_alarm.this["cleanup-errors"].dimensions == tomap({ FunctionName = "presize-cleanup" }) &&
      aws_cloudwatch_metric_alarm.this["cleanup-age"].dimensions == tomap({ QueueName = "presize-removed" })
    )
    error_message = "Nobody hears of removals that fail or wait."
  }

  assert {
    condition = jsonencode(jsondecode(aws_sqs_queue.dead_letters.redrive_allow_policy)) == jsonencode({
      redrivePermission = "byQueue"
      sourceQueueArns   = ["arn:aws:sqs:eu-west-1:123456789012:presize-removed"]
    })
    error_message = "Other queues may fill the dead letters: ${aws_sqs_queue.dead_letters.redrive_allow_policy}"
  }
}

run "role_and_queue_of_cleanup" {
  command = plan

  assert {
    condition = jsonencode({ for name, policy in aws_iam_role_policy.cleanup : name => jsondecode(policy.policy).Statement if contains(["take-removals", "write-log"], name) }) == jsonencode({
      take-removals = [{
        Sid      = "TakeRemovals"
        Effect   = "Allow"
        Action   = ["sqs:ReceiveMessage", "sqs:GetQueueAttributes", "sqs:DeleteMessage"]
        Resource = "arn:aws:sqs:eu-west-1:123456789012:presize-removed"
      }]
      write-log = [{
        Sid      = "WriteOwnLog"
        Effect   = "Allow"
        Action   = ["logs:PutLogEvents", "logs:CreateLogStream"]
        Resource = "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/presize-cleanup:*"
      }]
    })
    error_message = "The role takes from another queue, or writes another log: ${jsonencode({ for name, policy in aws_iam_role_policy.cleanup : name => jsondecode(policy.policy) })}"
  }

  # tests/policies.tftest.hcl holds resize's, character by character.
  assert {
    condition = (
      join(" ", keys(aws_iam_role_policy.cleanup)) == "list-prefixes read-originals read-presets take-removals write-log write-variants" &&
      alltrue([for name in ["list-prefixes", "read-originals", "read-presets", "write-variants"] : aws_iam_role_policy.cleanup[name].policy == aws_iam_role_policy.resize[name].policy])
    )
    error_message = "The role may do something else than resize's: ${join(", ", keys(aws_iam_role_policy.cleanup))}"
  }

  assert {
    condition = jsonencode(jsondecode(aws_iam_role.cleanup[0].assume_role_policy)) == jsonencode({
      Version = "2012-10-17"
      Statement = [{
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { Service = "lambda.amazonaws.com" }
        Condition = {
          ArnLikeIfExists = { "aws:SourceArn" = "arn:aws:lambda:eu-west-1:123456789012:function:presize-cleanup" }
          StringEquals    = { "aws:SourceAccount" = "123456789012" }
        }
      }]
    })
    error_message = "Someone else than this function may take the role: ${aws_iam_role.cleanup[0].assume_role_policy}"
  }

  assert {
    condition = jsonencode(jsondecode(aws_sqs_queue.removed[0].policy).Statement) == jsonencode([
      {
        Sid       = "OnlyTLS"
        Effect    = "Deny"
        Action    = "sqs:*"
        Resource  = "arn:aws:sqs:eu-west-1:123456789012:presize-removed"
        Principal = "*"
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
      {
        Sid       = "TellOfRemovals"
        Effect    = "Allow"
        Action    = "sqs:SendMessage"
        Resource  = "arn:aws:sqs:eu-west-1:123456789012:presize-removed"
        Principal = { Service = "s3.amazonaws.com" }
        Condition = {
          ArnEquals    = { "aws:SourceArn" = "arn:aws:s3:::photos" }
          StringEquals = { "aws:SourceAccount" = "123456789012" }
        }
      },
    ])
    error_message = "The queue takes more than this bucket's events: ${aws_sqs_queue.removed[0].policy}"
  }
}

run "removals_of_the_queue_trigger" {
  command = plan

  variables {
    trigger = "queue"
  }

  assert {
    condition = jsonencode([for queue in aws_s3_bucket_notification.originals[0].queue : [queue.id, queue.queue_arn, queue.filter_prefix]]) == jsonencode([
      ["presize-created", "arn:aws:sqs:eu-west-1:123456789012:presize-originals", "originals/"],
      ["presize-removed", "arn:aws:sqs:eu-west-1:123456789012:presize-removed", "originals/"],
    ])
    error_message = "Uploads and removals do not have a queue each: ${jsonencode(aws_s3_bucket_notification.originals[0].queue)}"
  }

  assert {
    condition     = !contains(keys(aws_iam_role_policy.cleanup), "take-from-queue") && !contains(keys(aws_iam_role_policy.resize), "take-removals")
    error_message = "A function may take from the other's queue."
  }
}

run "removals_of_the_eventbridge_trigger" {
  command = plan

  variables {
    create_bucket = false
    trigger       = "eventbridge"
  }

  assert {
    condition = jsondecode(aws_cloudwatch_event_rule.removed[0].event_pattern) == {
      source      = ["aws.s3"]
      detail-type = ["Object Deleted"]
      detail      = { bucket = { name = ["photos"] }, object = { key = [{ prefix = "originals/" }] } }
    }
    error_message = "The rule: ${aws_cloudwatch_event_rule.removed[0].event_pattern}"
  }

  assert {
    condition = (
      aws_cloudwatch_event_target.removed[0].arn == "arn:aws:sqs:eu-west-1:123456789012:presize-removed" &&
      one(aws_cloudwatch_event_target.removed[0].dead_letter_config).arn == "arn:aws:sqs:eu-west-1:123456789012:presize-dead-letters" &&
      aws_cloudwatch_metric_alarm.this["cleanup-undelivered"].dimensions == tomap({ RuleName = "presize-removed" })
    )
    error_message = "What EventBridge cannot deliver is lost, or nobody hears of it."
  }

  assert {
    condition = jsonencode(jsondecode(aws_sqs_queue.removed[0].policy).Statement[1]) == jsonencode({
      Sid       = "TellOfRemovals"
      Effect    = "Allow"
      Action    = "sqs:SendMessage"
      Resource  = "arn:aws:sqs:eu-west-1:123456789012:presize-removed"
      Principal = { Service = "events.amazonaws.com" }
      Condition = {
        ArnEquals    = { "aws:SourceArn" = "arn:aws:events:eu-west-1:123456789012:rule/presize-removed" }
        StringEquals = { "aws:SourceAccount" = "123456789012" }
      }
    })
    error_message = "The queue takes more than this rule's events: ${aws_sqs_queue.removed[0].policy}"
  }

  assert {
    condition     = length(aws_s3_bucket_notification.originals) == 0
    error_message = "The notification configuration of a live bucket would be replaced."
  }
}

run "settings_of_cleanup" {
  command = plan

  variables {
    presets                  = "tests/fixtures/other-layout.yaml"
    kms_key_arn              = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd"
    tracing                  = true
    destination_bucket       = "photos-resized"
    permissions_boundary_arn = "arn:aws:iam::123456789012:policy/boundary"
    cleanup                  = { package = "tests/fixtures/resize.zip", timeout = 900, batch_size = 10, batching_window_seconds = 0, maximum_concurrency = 7 }
  }

  assert {
    condition = (
      aws_lambda_function.cleanup[0].filename == "tests/fixtures/resize.zip" &&
      aws_lambda_function.cleanup[0].reserved_concurrent_executions == 7 &&
      one(aws_lambda_event_source_mapping.removed[0].scaling_config).maximum_concurrency == 7 &&
      aws_lambda_event_source_mapping.removed[0].batch_size == 10 &&
      aws_sqs_queue.removed[0].visibility_timeout_seconds == 5400
    )
    error_message = "cleanup is not what the variable says."
  }

  assert {
    condition     = aws_s3_bucket_notification.originals[0].queue[0].filter_prefix == "users/(in)/" && aws_iam_role_policy.cleanup["write-variants"].policy == aws_iam_role_policy.resize["write-variants"].policy
    error_message = "Removals do not follow presets.yaml."
  }

  assert {
    condition     = aws_iam_role_policy.cleanup["use-key"].policy == aws_iam_role_policy.resize["use-key"].policy && contains(keys(aws_iam_role_policy.cleanup), "write-traces") && aws_iam_role.cleanup[0].permissions_boundary == "arn:aws:iam::123456789012:policy/boundary"
    error_message = "The role has no key or no traces, or is not bounded."
  }
}

run "stopped" {
  command = plan

  variables {
    reserved_concurrency = 0
  }

  assert {
    condition     = aws_lambda_function.cleanup[0].reserved_concurrent_executions == 0 && !aws_lambda_event_source_mapping.removed[0].enabled
    error_message = "cleanup is not stopped, or its messages become dead letters meanwhile."
  }
}

run "without_a_share_of_the_account" {
  command = plan

  variables {
    reserved_concurrency = -1
  }

  assert {
    condition     = aws_lambda_function.cleanup[0].reserved_concurrent_executions == -1 && one(aws_lambda_event_source_mapping.removed[0].scaling_config).maximum_concurrency == 2
    error_message = "cleanup takes from an account's limit of 10, or is not capped."
  }
}

run "off" {
  command = plan

  variables {
    trigger = "eventbridge"
    cleanup = { enabled = false }
  }

  assert {
    condition = length(concat(
      aws_lambda_function.cleanup, aws_sqs_queue.removed, aws_iam_role.cleanup, aws_cloudwatch_log_group.cleanup, aws_lambda_event_source_mapping.removed,
      aws_cloudwatch_event_rule.removed, aws_cloudwatch_event_target.removed,
    )) + length(aws_iam_role_policy.cleanup) == 0
    error_message = "Parts of cleanup are there."
  }

  assert {
    condition     = jsondecode(aws_sqs_queue.dead_letters.redrive_allow_policy) == { redrivePermission = "denyAll" } && length([for name in keys(aws_cloudwatch_metric_alarm.this) : name if startswith(name, "cleanup")]) == 0
    error_message = "Queues may fill the dead letters, or alarms watch nothing."
  }

  assert {
    condition     = output.cleanup_function_name == "" && output.removed_queue_url == ""
    error_message = "Outputs name what is not there."
  }
}
