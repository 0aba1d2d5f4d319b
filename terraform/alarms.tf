locals {
  own_topic   = var.alarms.enabled && var.alarms.topic_arn == ""
  alarm_topic = !var.alarms.enabled ? "" : local.own_topic ? aws_sns_topic.alarms[0].arn : var.alarms.topic_arn

  on_function = { FunctionName = local.function_name }

  alarms = merge(
    {
      errors = {
        why       = "An invocation failed: it timed out, ran out of memory, or met what a retry may mend. It is tried again; what fails for good becomes a dead letter."
        namespace = "AWS/Lambda", metric = "Errors", statistic = "Sum", dimensions = local.on_function, period = 300, threshold = 0
      }
      throttles = {
        why       = "Uploads wait because reserved_concurrency, or the account's limit, is reached."
        namespace = "AWS/Lambda", metric = "Throttles", statistic = "Sum", dimensions = local.on_function, period = 300, threshold = 0
      }
      dead-letters = {
        why       = "Uploads or removals were given up. Look at the messages in ${local.dead_letter_name}, mend the cause, and send them again."
        namespace = "AWS/SQS", metric = "ApproximateNumberOfMessagesVisible", statistic = "Maximum", dimensions = { QueueName = local.dead_letter_name }, period = 300, threshold = 0
      }
      duration = {
        why       = "An invocation took more than ${var.alarms.duration_percent}% of its ${var.timeout} seconds. Raise memory_size or timeout, or lower limits in presets.yaml."
        namespace = "AWS/Lambda", metric = "Duration", statistic = "Maximum", dimensions = local.on_function, period = 300, threshold = var.timeout * 10 * var.alarms.duration_percent
      }
      invocations = {
        why       = "More than ${var.alarms.invocations_per_hour} invocations in an hour: a flood, or a loop. To stop it now: aws lambda put-function-concurrency --function-name ${local.function_name} --reserved-concurrent-executions 0"
        namespace = "AWS/Lambda", metric = "Invocations", statistic = "Sum", dimensions = local.on_function, period = 3600, threshold = var.alarms.invocations_per_hour
      }
    },
    local.queued ? {
      age = {
        why       = "The oldest upload has waited in ${local.queue_name} for more than ${var.alarms.age_seconds} seconds."
        namespace = "AWS/SQS", metric = "ApproximateAgeOfOldestMessage", statistic = "Maximum", dimensions = { QueueName = local.queue_name }, period = 60, threshold = var.alarms.age_seconds
      }
      } : {
      age = {
        why       = "An upload has waited for the function for more than ${var.alarms.age_seconds} seconds."
        namespace = "AWS/Lambda", metric = "AsyncEventAge", statistic = "Maximum", dimensions = local.on_function, period = 60, threshold = var.alarms.age_seconds * 1000
      }
    },
    local.eventbridge ? {
      undelivered = {
        why       = "EventBridge could not hand uploads to the function; they are dead letters."
        namespace = "AWS/Events", metric = "FailedInvocations", statistic = "Sum", dimensions = { RuleName = local.rule_name }, period = 300, threshold = 0
      }
    } : {},
    local.cleans ? {
      cleanup-errors = {
        why       = "An invocation of ${local.cleanup_name} failed: it cannot start, timed out or ran out of memory. Variants of removed originals stay until it succeeds."
        namespace = "AWS/Lambda", metric = "Errors", statistic = "Sum", dimensions = { FunctionName = local.cleanup_name }, period = 300, threshold = 0
      }
      cleanup-age = {
        why       = "The oldest removal has waited in ${local.removed_name} for more than ${var.alarms.age_seconds} seconds: its variants are still served."
        namespace = "AWS/SQS", metric = "ApproximateAgeOfOldestMessage", statistic = "Maximum", dimensions = { QueueName = local.removed_name }, period = 60, threshold = var.alarms.age_seconds
      }
    } : {},
    local.eventbridge && local.cleans ? {
      cleanup-undelivered = {
        why       = "EventBridge could not put removals into ${local.removed_name}; they are dead letters."
        namespace = "AWS/Events", metric = "FailedInvocations", statistic = "Sum", dimensions = { RuleName = local.removed_name }, period = 300, threshold = 0
      }
    } : {},
  )
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = var.alarms.enabled ? local.alarms : {}

  alarm_name          = "${var.name}-${each.key}"
  alarm_description   = each.value.why
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  statistic           = each.value.statistic
  dimensions          = each.value.dimensions
  period              = each.value.period
  evaluation_periods  = 1
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.threshold
  treat_missing_data  = "notBreaching" # nothing was uploaded
  alarm_actions       = [local.alarm_topic]
  ok_actions          = [local.alarm_topic]
  tags                = local.tags
}

# Not encrypted by KMS: CloudWatch cannot publish through the AWS managed key, and an alarm's text holds no one's data.
resource "aws_sns_topic" "alarms" {
  count = local.own_topic ? 1 : 0

  name = local.topic_name
  tags = local.tags
}

data "aws_iam_policy_document" "alarms" {
  statement {
    sid       = "OnlyTLS"
    effect    = "Deny"
    actions   = ["sns:Publish"]
    resources = [local.topic_arn]

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
    for_each = merge(
      { AlarmsSpeak = { service = "cloudwatch", arn = "arn:${local.partition}:cloudwatch:${local.region}:${local.account}:alarm:${var.name}-*" } },
      var.budget.monthly_usd > 0 ? { BudgetSpeaks = { service = "budgets", arn = "arn:${local.partition}:budgets::${local.account}:*" } } : {},
    )

    content {
      sid       = statement.key
      actions   = ["sns:Publish"]
      resources = [local.topic_arn]

      principals {
        type        = "Service"
        identifiers = ["${statement.value.service}.amazonaws.com"]
      }

      condition {
        test     = "ArnLike"
        variable = "aws:SourceArn"
        values   = [statement.value.arn]
      }

      condition {
        test     = "StringEquals"
        variable = "aws:SourceAccount"
        values   = [local.account]
      }
    }
  }
}

resource "aws_sns_topic_policy" "alarms" {
  count = local.own_topic ? 1 : 0

  arn    = aws_sns_topic.alarms[0].arn
  policy = data.aws_iam_policy_document.alarms.json
}

resource "aws_sns_topic_subscription" "emails" {
  for_each = local.own_topic ? toset(var.alarms.emails) : []

  topic_arn = aws_sns_topic.alarms[0].arn
  protocol  = "email"
  endpoint  = each.value
}
