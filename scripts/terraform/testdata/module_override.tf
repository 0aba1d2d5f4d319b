# Laid over a copy of the module when it is applied to moto 5.2: each block steps around one of moto's faults. Nothing here
# is about the module.

# moto denies whatever a policy denies under a condition, and reads a Bool condition back as a string.
data "aws_iam_policy_document" "tls_only" {
  statement {
    sid       = "OnlyTLS"
    effect    = "Deny"
    actions   = ["s3:DeleteBucketPolicy"]
    resources = ["arn:${local.partition}:s3:::${each.value}"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}

# moto does not keep a redrive allow policy, and the provider waits for it for ever.
resource "aws_sqs_queue" "dead_letters" {
  redrive_allow_policy = null
}

# moto writes the spaces of a redrive policy anew.
resource "aws_sqs_queue" "originals" {
  lifecycle {
    ignore_changes = [redrive_policy]
  }
}

resource "aws_sqs_queue" "removed" {
  lifecycle {
    ignore_changes = [redrive_policy]
  }
}

# moto would hand the messages to its stand-in for Lambda at once.
resource "aws_lambda_event_source_mapping" "originals" {
  enabled = false
}

resource "aws_lambda_event_source_mapping" "removed" {
  enabled = false
}

# moto does not tell a function's logging configuration.
resource "aws_lambda_function" "resize" {
  lifecycle {
    ignore_changes = [logging_config]
  }
}

resource "aws_lambda_function" "cleanup" {
  lifecycle {
    ignore_changes = [logging_config]
  }
}

# moto does not tell a target's dead-letter queue.
resource "aws_cloudwatch_event_target" "resize" {
  lifecycle {
    ignore_changes = [dead_letter_config]
  }
}

resource "aws_cloudwatch_event_target" "removed" {
  lifecycle {
    ignore_changes = [dead_letter_config]
  }
}
