# Removed originals take their variants with them. Whatever the trigger is, their events wait in a queue of their own: deletions
# and invalidations are one request for a whole batch, and CloudFront has no more than 15 wildcards in progress at a time. A batch
# of uploads, which are rendered one after the other, is small for the same reason that this one is large.

locals {
  cleanup_package = var.cleanup.package != "" ? var.cleanup.package : "${dirname(var.package)}/${replace(basename(var.package), "resize", "cleanup")}"
}

resource "aws_sqs_queue" "removed" {
  count = local.cleans ? 1 : 0

  name = local.removed_name
  # As for uploads: six times the function's timeout.
  visibility_timeout_seconds = 6 * var.cleanup.timeout + var.cleanup.batching_window_seconds
  message_retention_seconds  = 14 * 86400 # SQS's most: what expires here is a photo that stays
  receive_wait_time_seconds  = 20
  sqs_managed_sse_enabled    = true
  policy                     = data.aws_iam_policy_document.removed_queue[0].json
  tags                       = local.tags

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_letters.arn
    maxReceiveCount     = 5
  })
}

data "aws_iam_policy_document" "removed_queue" {
  count = local.cleans ? 1 : 0

  statement {
    sid       = "OnlyTLS"
    effect    = "Deny"
    actions   = ["sqs:*"]
    resources = [local.removed_queue_arn]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }

  statement {
    sid       = "TellOfRemovals"
    actions   = ["sqs:SendMessage"]
    resources = [local.removed_queue_arn]

    principals {
      type        = "Service"
      identifiers = [local.eventbridge ? "events.amazonaws.com" : "s3.amazonaws.com"]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [local.eventbridge ? local.removed_rule_arn : local.bucket_arn]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }
  }
}

resource "aws_cloudwatch_log_group" "cleanup" {
  count = local.cleans ? 1 : 0

  name              = local.cleanup_log_group_name
  retention_in_days = var.log_retention_days
  tags              = local.tags
}

resource "aws_lambda_function" "cleanup" {
  count = local.cleans ? 1 : 0

  function_name = local.cleanup_name
  description   = "Takes away the variants of removed originals"
  role          = aws_iam_role.cleanup[0].arn

  filename         = local.cleanup_package
  source_code_hash = filebase64sha256(local.cleanup_package)
  runtime          = "provided.al2023"
  handler          = "bootstrap"
  architectures    = [var.architecture]

  # It renders an original that is back by the time it looks.
  memory_size = var.memory_size
  timeout     = var.cleanup.timeout

  # The queue alone invokes it, so that more would be idle and less would be throttled.
  reserved_concurrent_executions = var.reserved_concurrency > 0 ? var.cleanup.maximum_concurrency : var.reserved_concurrency

  ephemeral_storage {
    size = var.ephemeral_storage
  }

  environment {
    variables = local.environment
  }

  logging_config {
    log_group             = aws_cloudwatch_log_group.cleanup[0].name
    log_format            = "JSON"
    application_log_level = var.log_level
    system_log_level      = "WARN"
  }

  tracing_config {
    mode = var.tracing ? "Active" : "PassThrough"
  }

  tags = local.tags

  depends_on = [aws_iam_role_policy.cleanup]
}

resource "aws_lambda_event_source_mapping" "removed" {
  count = local.cleans ? 1 : 0

  event_source_arn                   = aws_sqs_queue.removed[0].arn
  function_name                      = aws_lambda_function.cleanup[0].arn
  enabled                            = var.reserved_concurrency != 0 # throttled messages would become dead letters
  batch_size                         = var.cleanup.batch_size
  maximum_batching_window_in_seconds = var.cleanup.batching_window_seconds
  function_response_types            = ["ReportBatchItemFailures"]
  tags                               = local.tags

  scaling_config {
    maximum_concurrency = var.cleanup.maximum_concurrency
  }
}

# A role of its own: each function writes its own log and takes from its own queue. All else that it may do is resize's.

data "aws_iam_policy_document" "cleanup_assume" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }

    # As for resize.
    condition {
      test     = "ArnLikeIfExists"
      variable = "aws:SourceArn"
      values   = [local.cleanup_arn]
    }
  }
}

resource "aws_iam_role" "cleanup" {
  count = local.cleans ? 1 : 0

  name                 = local.cleanup_name
  description          = "What the function ${local.cleanup_name} may do"
  assume_role_policy   = data.aws_iam_policy_document.cleanup_assume.json
  permissions_boundary = var.permissions_boundary_arn == "" ? null : var.permissions_boundary_arn
  tags                 = local.tags
}

data "aws_iam_policy_document" "cleanup_log" {
  statement {
    sid       = "WriteOwnLog"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${local.cleanup_log_group_arn}:*"]
  }
}

data "aws_iam_policy_document" "removed" {
  statement {
    sid       = "TakeRemovals"
    actions   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
    resources = [local.removed_queue_arn]
  }
}

resource "aws_iam_role_policy" "cleanup" {
  for_each = !local.cleans ? {} : merge(
    local.shared_policies,
    { write-log = data.aws_iam_policy_document.cleanup_log.json, take-removals = data.aws_iam_policy_document.removed.json },
  )

  name   = each.key
  role   = aws_iam_role.cleanup[0].name
  policy = each.value
}
