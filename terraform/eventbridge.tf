# S3 sends a bucket's events to EventBridge once that is switched on. An own bucket has it switched on in s3.tf; on an existing
# one the output `enable_eventbridge` does it without touching the rest of the notification configuration.

resource "aws_cloudwatch_event_rule" "originals" {
  count = local.eventbridge ? 1 : 0

  name        = local.rule_name
  description = "Uploads to ${var.bucket} below ${local.originals}"
  tags        = local.tags

  event_pattern = jsonencode({
    source      = ["aws.s3"]
    detail-type = ["Object Created"]
    detail = {
      bucket = { name = [var.bucket] }
      object = { key = [{ prefix = local.originals }] }
    }
  })
}

resource "aws_cloudwatch_event_target" "resize" {
  count = local.eventbridge ? 1 : 0

  rule      = aws_cloudwatch_event_rule.originals[0].name
  target_id = "resize"
  arn       = aws_lambda_function.resize.arn

  # Until Lambda has taken the event; from then on var.async says how often it is tried.
  retry_policy {
    maximum_event_age_in_seconds = 21600
    maximum_retry_attempts       = 185
  }

  dead_letter_config {
    arn = local.dead_letter_arn
  }

  depends_on = [aws_lambda_permission.trigger, aws_sqs_queue.dead_letters]
}

resource "aws_cloudwatch_event_rule" "removed" {
  count = local.eventbridge && local.cleans ? 1 : 0

  name        = local.removed_name
  description = "Removals from ${var.bucket} below ${local.originals}"
  tags        = local.tags

  # By people, programs and lifecycle rules alike.
  event_pattern = jsonencode({
    source      = ["aws.s3"]
    detail-type = ["Object Deleted"]
    detail = {
      bucket = { name = [var.bucket] }
      object = { key = [{ prefix = local.originals }] }
    }
  })
}

resource "aws_cloudwatch_event_target" "removed" {
  count = local.eventbridge && local.cleans ? 1 : 0

  rule      = aws_cloudwatch_event_rule.removed[0].name
  target_id = "removed"
  arn       = local.removed_queue_arn

  retry_policy {
    maximum_event_age_in_seconds = 21600
    maximum_retry_attempts       = 185
  }

  dead_letter_config {
    arn = local.dead_letter_arn
  }

  depends_on = [aws_sqs_queue.removed, aws_sqs_queue.dead_letters]
}
