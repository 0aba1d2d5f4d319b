# Who is told of completions, and with which permissions, as the real provider renders them.

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

run "nobody" {
  command = plan

  assert {
    condition     = length(aws_sns_topic.completions) == 0 && output.completion_topic_arn == ""
    error_message = "There is a topic that nobody asked for."
  }

  # tests/policies.tftest.hcl holds that the role may not publish.
  assert {
    condition     = length([for name in keys(one(aws_lambda_function.resize.environment).variables) : name if contains(["PRESIZE_TOPIC_ARN", "PRESIZE_EVENT_BUS", "PRESIZE_BASE_URL", "PRESIZE_DISTRIBUTION_ID"], name)]) == 0
    error_message = "The function's settings: ${jsonencode(one(aws_lambda_function.resize.environment).variables)}"
  }
}

run "a_topic_of_its_own_under_the_key" {
  command = plan

  variables {
    completion  = { topic = true }
    kms_key_arn = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd"
  }

  assert {
    condition     = aws_sns_topic.completions[0].name == "presize-completions" && aws_sns_topic.completions[0].kms_master_key_id == "arn:aws:kms:eu-west-1:123456789012:key/1234abcd"
    error_message = "The topic, or its key."
  }

  assert {
    condition = jsonencode(jsondecode(aws_sns_topic_policy.completions[0].policy).Statement) == jsonencode([{
      Sid       = "OnlyTLS"
      Effect    = "Deny"
      Action    = "sns:Publish"
      Resource  = "arn:aws:sns:eu-west-1:123456789012:presize-completions"
      Principal = "*"
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }])
    error_message = "The topic is open: ${aws_sns_topic_policy.completions[0].policy}"
  }

  assert {
    condition = jsonencode({ for name, policy in aws_iam_role_policy.resize : name => jsondecode(policy.policy).Statement if contains(["publish-completions", "use-topic-key"], name) }) == jsonencode({
      publish-completions = [{
        Sid      = "PublishCompletions"
        Effect   = "Allow"
        Action   = "sns:Publish"
        Resource = "arn:aws:sns:eu-west-1:123456789012:presize-completions"
      }]
      use-topic-key = [{
        Sid       = "UseKeyThroughSNS"
        Effect    = "Allow"
        Action    = ["kms:GenerateDataKey", "kms:Decrypt"]
        Resource  = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd"
        Condition = { StringEquals = { "kms:ViaService" = "sns.eu-west-1.amazonaws.com" } }
      }]
    })
    error_message = "The role may publish elsewhere, or use the key otherwise than through SNS: ${jsonencode({ for name, policy in aws_iam_role_policy.resize : name => jsondecode(policy.policy) })}"
  }

  assert {
    condition     = alltrue([for name in ["publish-completions", "use-topic-key"] : aws_iam_role_policy.cleanup[name].policy == aws_iam_role_policy.resize[name].policy])
    error_message = "cleanup may not tell of removals."
  }

  assert {
    condition = alltrue([for function in [aws_lambda_function.resize, aws_lambda_function.cleanup[0]] :
      one(function.environment).variables["PRESIZE_TOPIC_ARN"] == "arn:aws:sns:eu-west-1:123456789012:presize-completions" && !contains(keys(one(function.environment).variables), "PRESIZE_EVENT_BUS")
    ]) && output.completion_topic_arn == "arn:aws:sns:eu-west-1:123456789012:presize-completions"
    error_message = "The functions tell another topic: ${jsonencode(one(aws_lambda_function.resize.environment).variables)}"
  }
}

run "a_topic_and_a_bus_that_exist" {
  command = plan

  variables {
    completion = { topic_arn = "arn:aws:sns:us-east-1:210987654321:theirs.fifo", event_bus = "media/events" }
  }

  assert {
    condition     = length(aws_sns_topic.completions) == 0 && !contains(keys(aws_iam_role_policy.resize), "use-topic-key")
    error_message = "A topic is made besides the one that exists, or there is a key that nobody gave."
  }

  assert {
    condition = jsonencode([for name in ["publish-completions", "put-completions"] : jsondecode(aws_iam_role_policy.cleanup[name].policy).Statement[0]]) == jsonencode([
      {
        Sid      = "PublishCompletions"
        Effect   = "Allow"
        Action   = "sns:Publish"
        Resource = "arn:aws:sns:us-east-1:210987654321:theirs.fifo"
      },
      {
        Sid       = "PutCompletions"
        Effect    = "Allow"
        Action    = "events:PutEvents"
        Resource  = "arn:aws:events:eu-west-1:123456789012:event-bus/media/events"
        Condition = { StringEquals = { "events:source" = "presize" } }
      },
    ]) && aws_iam_role_policy.cleanup["put-completions"].policy == aws_iam_role_policy.resize["put-completions"].policy
    error_message = "The roles may tell others, or as others: ${aws_iam_role_policy.cleanup["put-completions"].policy}"
  }

  assert {
    condition = (
      one(aws_lambda_function.cleanup[0].environment).variables["PRESIZE_TOPIC_ARN"] == "arn:aws:sns:us-east-1:210987654321:theirs.fifo" &&
      one(aws_lambda_function.cleanup[0].environment).variables["PRESIZE_EVENT_BUS"] == "media/events"
    )
    error_message = "The functions tell others: ${jsonencode(one(aws_lambda_function.cleanup[0].environment).variables)}"
  }
}

run "a_bus_of_another_account" {
  command = plan

  variables {
    completion = { event_bus = "arn:aws:events:us-east-1:210987654321:event-bus/media" }
  }

  assert {
    condition = (
      jsondecode(aws_iam_role_policy.resize["put-completions"].policy).Statement[0].Resource == "arn:aws:events:us-east-1:210987654321:event-bus/media" &&
      one(aws_lambda_function.resize.environment).variables["PRESIZE_EVENT_BUS"] == "arn:aws:events:us-east-1:210987654321:event-bus/media"
    )
    error_message = "The bus: ${aws_iam_role_policy.resize["put-completions"].policy}"
  }
}
