# The dead letters of every trigger come together in one queue: Lambda's failed events, SQS's messages that were received too
# often, and what EventBridge could not deliver.

locals {
  # Queues whose messages become dead letters.
  redriven = concat(local.queued ? [local.queue_arn] : [], local.cleans ? [local.removed_queue_arn] : [])
}

resource "aws_sqs_queue" "dead_letters" {
  name                      = local.dead_letter_name
  message_retention_seconds = var.dead_letter_retention_days * 86400
  sqs_managed_sse_enabled   = true
  policy                    = data.aws_iam_policy_document.dead_letter_queue.json
  tags                      = local.tags

  # No other queue of the account may fill the dead letters.
  redrive_allow_policy = jsonencode(merge(
    { redrivePermission = length(local.redriven) > 0 ? "byQueue" : "denyAll" },
    length(local.redriven) > 0 ? { sourceQueueArns = local.redriven } : {},
  ))
}

data "aws_iam_policy_document" "dead_letter_queue" {
  statement {
    sid       = "OnlyTLS"
    effect    = "Deny"
    actions   = ["sqs:*"]
    resources = [local.dead_letter_arn]

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

  dynamic "statement" {
    for_each = local.eventbridge ? [1] : []

    content {
      sid       = "KeepUndelivered"
      actions   = ["sqs:SendMessage"]
      resources = [local.dead_letter_arn]

      principals {
        type        = "Service"
        identifiers = ["events.amazonaws.com"]
      }

      condition {
        test     = "ArnEquals"
        variable = "aws:SourceArn"
        values   = concat([local.rule_arn], local.cleans ? [local.removed_rule_arn] : [])
      }

      condition {
        test     = "StringEquals"
        variable = "aws:SourceAccount"
        values   = [local.account]
      }
    }
  }
}

resource "aws_sqs_queue" "originals" {
  count = local.queued ? 1 : 0

  name = local.queue_name
  # AWS asks for six times the function's timeout, or a message comes back while it is still worked on.
  visibility_timeout_seconds = 6 * var.timeout + var.queue.batching_window_seconds
  message_retention_seconds  = var.queue.retention_days * 86400
  receive_wait_time_seconds  = 20
  sqs_managed_sse_enabled    = true
  policy                     = data.aws_iam_policy_document.originals_queue.json
  tags                       = local.tags

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_letters.arn
    maxReceiveCount     = var.queue.maximum_receives
  })
}

data "aws_iam_policy_document" "originals_queue" {
  statement {
    sid       = "OnlyTLS"
    effect    = "Deny"
    actions   = ["sqs:*"]
    resources = [local.queue_arn]

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
    sid       = "TellOfUploads"
    actions   = ["sqs:SendMessage"]
    resources = [local.queue_arn]

    principals {
      type        = "Service"
      identifiers = ["s3.amazonaws.com"]
    }

    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [local.bucket_arn]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [local.account]
    }
  }
}
