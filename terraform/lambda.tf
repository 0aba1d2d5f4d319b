locals {
  # What both functions are told.
  environment = merge(
    {
      PRESIZE_PRESETS           = "s3://${var.bucket}/${aws_s3_object.presets.key}"
      PRESIZE_PRESETS_SHA256    = local.presets_hash
      PRESIZE_METRICS_NAMESPACE = var.metrics_namespace
    },
    local.separate ? { PRESIZE_TARGET_BUCKET = var.destination_bucket } : {},
    local.links ? { PRESIZE_BASE_URL = local.base_url } : {},
    local.invalidates ? { PRESIZE_DISTRIBUTION_ID = local.distribution_id } : {},
    local.publishes ? { PRESIZE_TOPIC_ARN = local.completion_topic_arn } : {},
    local.puts_events ? { PRESIZE_EVENT_BUS = var.completion.event_bus } : {},
  )
}

resource "aws_cloudwatch_log_group" "resize" {
  name              = local.log_group_name
  retention_in_days = var.log_retention_days
  tags              = local.tags
}

resource "aws_lambda_function" "resize" {
  function_name = local.function_name
  description   = "Renders every preset of presets.yaml from an original"
  role          = aws_iam_role.resize.arn

  filename         = var.package
  source_code_hash = filebase64sha256(var.package)
  runtime          = "provided.al2023"
  handler          = "bootstrap"
  architectures    = [var.architecture]

  memory_size                    = var.memory_size
  timeout                        = var.timeout
  reserved_concurrent_executions = var.reserved_concurrency

  ephemeral_storage {
    size = var.ephemeral_storage
  }

  environment {
    variables = local.environment
  }

  logging_config {
    log_group             = aws_cloudwatch_log_group.resize.name
    log_format            = "JSON"
    application_log_level = var.log_level
    system_log_level      = "WARN"
  }

  tracing_config {
    mode = var.tracing ? "Active" : "PassThrough"
  }

  tags = local.tags

  depends_on = [aws_iam_role_policy.resize]
}

# S3 and EventBridge invoke asynchronously. What fails is tried again and then kept, never lost.
resource "aws_lambda_function_event_invoke_config" "resize" {
  count = local.queued ? 0 : 1

  function_name                = aws_lambda_function.resize.function_name
  maximum_retry_attempts       = var.async.retries
  maximum_event_age_in_seconds = var.async.event_age_seconds

  destination_config {
    on_failure {
      destination = local.dead_letter_arn
    }
  }

  depends_on = [aws_sqs_queue.dead_letters, aws_iam_role_policy.resize]
}

# A bucket's ARN has no account in it: without the source account, whoever owns a bucket of this name after us could invoke.
resource "aws_lambda_permission" "trigger" {
  count = local.queued ? 0 : 1

  statement_id   = local.direct ? "InvokeFromS3" : "InvokeFromEventBridge"
  action         = "lambda:InvokeFunction"
  function_name  = aws_lambda_function.resize.function_name
  principal      = local.direct ? "s3.amazonaws.com" : "events.amazonaws.com"
  source_arn     = local.direct ? local.bucket_arn : local.rule_arn
  source_account = local.account
}

resource "aws_lambda_event_source_mapping" "originals" {
  count = local.queued ? 1 : 0

  event_source_arn                   = aws_sqs_queue.originals[0].arn
  function_name                      = aws_lambda_function.resize.arn
  batch_size                         = var.queue.batch_size
  maximum_batching_window_in_seconds = var.queue.batching_window_seconds
  function_response_types            = ["ReportBatchItemFailures"]
  tags                               = local.tags

  scaling_config {
    maximum_concurrency = var.queue.maximum_concurrency
  }

  lifecycle {
    precondition {
      condition     = var.reserved_concurrency < 1 || var.reserved_concurrency >= var.queue.maximum_concurrency
      error_message = "reserved_concurrency is ${var.reserved_concurrency}, below queue.maximum_concurrency (${var.queue.maximum_concurrency}): SQS would be throttled, and throttled messages become dead letters. Lower the one or raise the other."
    }
  }
}
