# Who hears that every preset of an original has its verdict: an SNS topic, an EventBridge bus, both, or nobody.

locals {
  own_completions      = var.completion.topic
  publishes            = var.completion.topic || var.completion.topic_arn != ""
  completion_topic_arn = local.own_completions ? "arn:${local.partition}:sns:${local.region}:${local.account}:${local.completion_topic_name}" : var.completion.topic_arn
  puts_events          = var.completion.event_bus != ""
  event_bus_arn        = startswith(var.completion.event_bus, "arn:") ? var.completion.event_bus : "arn:${local.partition}:events:${local.region}:${local.account}:event-bus/${var.completion.event_bus}"
}

resource "aws_sns_topic" "completions" {
  count = local.own_completions ? 1 : 0

  name              = local.completion_topic_name
  kms_master_key_id = var.kms_key_arn == "" ? null : var.kms_key_arn
  tags              = local.tags
}

# Whom else it lets in is up to this account's IAM policies.
data "aws_iam_policy_document" "completion_topic" {
  count = local.own_completions ? 1 : 0

  statement {
    sid       = "OnlyTLS"
    effect    = "Deny"
    actions   = ["sns:Publish"]
    resources = [local.completion_topic_arn]

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
}

resource "aws_sns_topic_policy" "completions" {
  count = local.own_completions ? 1 : 0

  arn    = aws_sns_topic.completions[0].arn
  policy = data.aws_iam_policy_document.completion_topic[0].json
}

data "aws_iam_policy_document" "completions" {
  count = local.publishes ? 1 : 0

  statement {
    sid       = "PublishCompletions"
    actions   = ["sns:Publish"]
    resources = [local.completion_topic_arn]
  }
}

data "aws_iam_policy_document" "completion_key" {
  count = local.publishes && var.kms_key_arn != "" ? 1 : 0

  statement {
    sid       = "UseKeyThroughSNS"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [var.kms_key_arn]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["sns.${local.region}.${local.dns_suffix}"]
    }
  }
}

data "aws_iam_policy_document" "completion_events" {
  count = local.puts_events ? 1 : 0

  statement {
    sid       = "PutCompletions"
    actions   = ["events:PutEvents"]
    resources = [local.event_bus_arn]

    condition {
      test     = "StringEquals"
      variable = "events:source"
      values   = ["presize"]
    }
  }
}
