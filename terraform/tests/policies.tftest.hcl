# The permissions as AWS would get them, character by character: the real provider renders them without asking AWS anything.

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

run "role_of_the_direct_trigger" {
  command = plan

  assert {
    condition = jsonencode({ for name, policy in aws_iam_role_policy.resize : name => jsondecode(policy.policy) }) == jsonencode({
      read-originals = {
        Version = "2012-10-17"
        Statement = [{
          Sid      = "ReadOriginals"
          Effect   = "Allow"
          Action   = "s3:GetObject"
          Resource = "arn:aws:s3:::photos/originals/*"
        }]
      }
      write-variants = {
        Version = "2012-10-17"
        Statement = [{
          Sid      = "WriteVariants"
          Effect   = "Allow"
          Action   = ["s3:PutObject", "s3:GetObject", "s3:DeleteObject"]
          Resource = "arn:aws:s3:::photos/resized/*"
        }]
      }
      list-prefixes = {
        Version = "2012-10-17"
        Statement = [
          {
            Sid       = "MissingOriginalsAre404"
            Effect    = "Allow"
            Action    = "s3:ListBucket"
            Resource  = "arn:aws:s3:::photos"
            Condition = { StringLike = { "s3:prefix" = "originals/*" } }
          },
          {
            Sid       = "MissingVariantsAre404"
            Effect    = "Allow"
            Action    = "s3:ListBucket"
            Resource  = "arn:aws:s3:::photos"
            Condition = { StringLike = { "s3:prefix" = "resized/*" } }
          },
        ]
      }
      read-presets = {
        Version = "2012-10-17"
        Statement = [{
          Sid      = "ReadPresets"
          Effect   = "Allow"
          Action   = "s3:GetObject"
          Resource = "arn:aws:s3:::photos/presize/presize/presets-*.yaml"
        }]
      }
      write-log = {
        Version = "2012-10-17"
        Statement = [{
          Sid      = "WriteOwnLog"
          Effect   = "Allow"
          Action   = ["logs:PutLogEvents", "logs:CreateLogStream"]
          Resource = "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/presize-resize:*"
        }]
      }
      keep-dead-letters = {
        Version = "2012-10-17"
        Statement = [{
          Sid      = "KeepFailedEvents"
          Effect   = "Allow"
          Action   = "sqs:SendMessage"
          Resource = "arn:aws:sqs:eu-west-1:123456789012:presize-dead-letters"
        }]
      }
    })
    error_message = "The role may do something else than these six things: ${jsonencode({ for name, policy in aws_iam_role_policy.resize : name => jsondecode(policy.policy) })}"
  }

  assert {
    condition = jsonencode(jsondecode(aws_iam_role.resize.assume_role_policy)) == jsonencode({
      Version = "2012-10-17"
      Statement = [{
        Effect    = "Allow"
        Action    = "sts:AssumeRole"
        Principal = { Service = "lambda.amazonaws.com" }
        Condition = {
          ArnLikeIfExists = { "aws:SourceArn" = "arn:aws:lambda:eu-west-1:123456789012:function:presize-resize" }
          StringEquals    = { "aws:SourceAccount" = "123456789012" }
        }
      }]
    })
    error_message = "Someone else than this function may take the role: ${aws_iam_role.resize.assume_role_policy}"
  }

  assert {
    condition = (
      aws_lambda_permission.trigger[0].principal == "s3.amazonaws.com" &&
      aws_lambda_permission.trigger[0].action == "lambda:InvokeFunction" &&
      aws_lambda_permission.trigger[0].source_arn == "arn:aws:s3:::photos" &&
      aws_lambda_permission.trigger[0].source_account == "123456789012"
    )
    error_message = "The function may be invoked by another bucket or account."
  }

  assert {
    condition = jsonencode(jsondecode(aws_s3_bucket_policy.this["originals"].policy)) == jsonencode({
      Version = "2012-10-17"
      Statement = [{
        Sid       = "OnlyTLS"
        Effect    = "Deny"
        Action    = "s3:*"
        Resource  = ["arn:aws:s3:::photos/*", "arn:aws:s3:::photos"]
        Principal = "*"
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      }]
    })
    error_message = "Without a CDN the bucket's policy says nothing but TLS: ${aws_s3_bucket_policy.this["originals"].policy}"
  }

  assert {
    condition = jsonencode(jsondecode(aws_sqs_queue.dead_letters.policy).Statement) == jsonencode([{
      Sid       = "OnlyTLS"
      Effect    = "Deny"
      Action    = "sqs:*"
      Resource  = "arn:aws:sqs:eu-west-1:123456789012:presize-dead-letters"
      Principal = "*"
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }])
    error_message = "The dead letters' queue is open to more than the role: ${aws_sqs_queue.dead_letters.policy}"
  }

  assert {
    condition = jsonencode(jsondecode(aws_sns_topic_policy.alarms[0].policy).Statement[1]) == jsonencode({
      Sid       = "AlarmsSpeak"
      Effect    = "Allow"
      Action    = "sns:Publish"
      Resource  = "arn:aws:sns:eu-west-1:123456789012:presize-alarms"
      Principal = { Service = "cloudwatch.amazonaws.com" }
      Condition = {
        ArnLike      = { "aws:SourceArn" = "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:presize-*" }
        StringEquals = { "aws:SourceAccount" = "123456789012" }
      }
    }) && length(jsondecode(aws_sns_topic_policy.alarms[0].policy).Statement) == 2
    error_message = "The alarms' topic takes more than this module's alarms: ${aws_sns_topic_policy.alarms[0].policy}"
  }
}

run "role_and_queue_of_the_queue_trigger" {
  command = plan

  variables {
    trigger = "queue"
  }

  assert {
    condition = jsonencode(jsondecode(aws_iam_role_policy.resize["take-from-queue"].policy).Statement) == jsonencode([{
      Sid      = "TakeFromQueue"
      Effect   = "Allow"
      Action   = ["sqs:ReceiveMessage", "sqs:GetQueueAttributes", "sqs:DeleteMessage"]
      Resource = "arn:aws:sqs:eu-west-1:123456789012:presize-originals"
    }])
    error_message = "Not what taking from the queue needs: ${aws_iam_role_policy.resize["take-from-queue"].policy}"
  }

  assert {
    condition     = sort(keys(aws_iam_role_policy.resize)) == tolist(["list-prefixes", "read-originals", "read-presets", "take-from-queue", "write-log", "write-variants"])
    error_message = "The role has other permissions than the queue trigger needs: ${join(", ", keys(aws_iam_role_policy.resize))}"
  }

  assert {
    condition = jsonencode(jsondecode(aws_sqs_queue.originals[0].policy).Statement) == jsonencode([
      {
        Sid       = "OnlyTLS"
        Effect    = "Deny"
        Action    = "sqs:*"
        Resource  = "arn:aws:sqs:eu-west-1:123456789012:presize-originals"
        Principal = "*"
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
      {
        Sid       = "TellOfUploads"
        Effect    = "Allow"
        Action    = "sqs:SendMessage"
        Resource  = "arn:aws:sqs:eu-west-1:123456789012:presize-originals"
        Principal = { Service = "s3.amazonaws.com" }
        Condition = {
          ArnEquals    = { "aws:SourceArn" = "arn:aws:s3:::photos" }
          StringEquals = { "aws:SourceAccount" = "123456789012" }
        }
      },
    ])
    error_message = "The queue takes more than this bucket's events: ${aws_sqs_queue.originals[0].policy}"
  }

  assert {
    condition = jsonencode(jsondecode(aws_sqs_queue.dead_letters.redrive_allow_policy)) == jsonencode({
      redrivePermission = "byQueue"
      sourceQueueArns   = ["arn:aws:sqs:eu-west-1:123456789012:presize-originals", "arn:aws:sqs:eu-west-1:123456789012:presize-removed"]
    })
    error_message = "Other queues may fill the dead letters: ${aws_sqs_queue.dead_letters.redrive_allow_policy}"
  }
}

run "dead_letters_of_the_eventbridge_trigger" {
  command = plan

  variables {
    create_bucket = false
    trigger       = "eventbridge"
  }

  assert {
    condition = (
      aws_lambda_permission.trigger[0].principal == "events.amazonaws.com" &&
      aws_lambda_permission.trigger[0].source_arn == "arn:aws:events:eu-west-1:123456789012:rule/presize-originals" &&
      aws_lambda_permission.trigger[0].source_account == "123456789012"
    )
    error_message = "The function may be invoked by another rule or account."
  }

  assert {
    condition = jsonencode(jsondecode(aws_sqs_queue.dead_letters.policy).Statement[1]) == jsonencode({
      Sid       = "KeepUndelivered"
      Effect    = "Allow"
      Action    = "sqs:SendMessage"
      Resource  = "arn:aws:sqs:eu-west-1:123456789012:presize-dead-letters"
      Principal = { Service = "events.amazonaws.com" }
      Condition = {
        ArnEquals    = { "aws:SourceArn" = ["arn:aws:events:eu-west-1:123456789012:rule/presize-originals", "arn:aws:events:eu-west-1:123456789012:rule/presize-removed"] }
        StringEquals = { "aws:SourceAccount" = "123456789012" }
      }
    }) && length(jsondecode(aws_sqs_queue.dead_letters.policy).Statement) == 2
    error_message = "EventBridge's dead letters: ${aws_sqs_queue.dead_letters.policy}"
  }

  assert {
    condition     = length(aws_s3_bucket_policy.this) == 0 && length(aws_s3_bucket_notification.originals) == 0 && length(aws_s3_bucket.this) == 0
    error_message = "An existing bucket's policy, notifications or settings would be written."
  }

  assert {
    condition     = jsondecode(output.bucket_policy_statements["photos"]).Statement[0].Sid == "OnlyTLS"
    error_message = "The statements to merge into an existing bucket's policy are not told: ${jsonencode(output.bucket_policy_statements)}"
  }
}

run "separate_bucket_other_prefixes_kms_tracing_boundary" {
  command = plan

  variables {
    name                     = "pics"
    presets                  = "tests/fixtures/other-layout.yaml"
    destination_bucket       = "photos-resized"
    kms_key_arn              = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd"
    tracing                  = true
    permissions_boundary_arn = "arn:aws:iam::123456789012:policy/boundary"
    budget                   = { monthly_usd = 20 }
    bucket_policy_json       = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"Ours\",\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:PutBucketAcl\",\"Resource\":\"arn:aws:s3:::photos\"}]}"
  }

  assert {
    condition = (
      jsondecode(aws_iam_role_policy.resize["read-originals"].policy).Statement[0].Resource == "arn:aws:s3:::photos/users/(in)/*" &&
      jsondecode(aws_iam_role_policy.resize["write-variants"].policy).Statement[0].Resource == "arn:aws:s3:::photos-resized/thumbs/v1/*" &&
      jsondecode(aws_iam_role_policy.resize["read-presets"].policy).Statement[0].Resource == "arn:aws:s3:::photos/presize/pics/presets-*.yaml"
    )
    error_message = "The permissions do not follow presets.yaml and the buckets."
  }

  assert {
    condition = [for statement in jsondecode(aws_iam_role_policy.resize["list-prefixes"].policy).Statement : "${statement.Resource} ${statement.Condition.StringLike["s3:prefix"]}"] == [
      "arn:aws:s3:::photos users/(in)/*",
      "arn:aws:s3:::photos-resized thumbs/v1/*",
    ]
    error_message = "Listing is not limited to the prefixes: ${aws_iam_role_policy.resize["list-prefixes"].policy}"
  }

  assert {
    condition = jsonencode(jsondecode(aws_iam_role_policy.resize["use-key"].policy).Statement) == jsonencode([{
      Sid       = "UseKeyThroughS3"
      Effect    = "Allow"
      Action    = ["kms:GenerateDataKey", "kms:Decrypt"]
      Resource  = "arn:aws:kms:eu-west-1:123456789012:key/1234abcd"
      Condition = { StringEquals = { "kms:ViaService" = "s3.eu-west-1.amazonaws.com" } }
    }])
    error_message = "The key may be used otherwise than through S3: ${aws_iam_role_policy.resize["use-key"].policy}"
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.resize["write-traces"].policy).Statement[0].Action == ["xray:PutTraceSegments", "xray:PutTelemetryRecords"]
    error_message = "Tracing: ${aws_iam_role_policy.resize["write-traces"].policy}"
  }

  assert {
    condition     = aws_iam_role.resize.permissions_boundary == "arn:aws:iam::123456789012:policy/boundary"
    error_message = "The role is not bounded."
  }

  assert {
    condition     = [for statement in jsondecode(aws_s3_bucket_policy.this["originals"].policy).Statement : statement.Sid] == ["OnlyTLS", "Ours"]
    error_message = "bucket_policy_json is not in the bucket's policy: ${aws_s3_bucket_policy.this["originals"].policy}"
  }

  assert {
    condition = alltrue([for encryption in aws_s3_bucket_server_side_encryption_configuration.this :
      one(one(encryption.rule).apply_server_side_encryption_by_default).kms_master_key_id == "arn:aws:kms:eu-west-1:123456789012:key/1234abcd"
    ])
    error_message = "The buckets do not encrypt with the key."
  }

  assert {
    condition     = jsondecode(aws_sns_topic_policy.alarms[0].policy).Statement[2].Condition.StringEquals["aws:SourceAccount"] == "123456789012"
    error_message = "Budgets may not, or anyone's may, publish to the topic: ${aws_sns_topic_policy.alarms[0].policy}"
  }
}
