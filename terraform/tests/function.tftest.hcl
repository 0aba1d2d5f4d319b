# The function, the buckets, and what watches them.

mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  bucket  = "photos"
  package = "tests/fixtures/resize.zip"
  presets = "../presets.yaml"
}

run "as_it_comes" {
  assert {
    condition = (
      aws_lambda_function.resize.runtime == "provided.al2023" &&
      aws_lambda_function.resize.handler == "bootstrap" &&
      aws_lambda_function.resize.architectures == tolist(["arm64"]) &&
      aws_lambda_function.resize.memory_size == 1769 &&
      aws_lambda_function.resize.reserved_concurrent_executions == 50 &&
      one(aws_lambda_function.resize.tracing_config).mode == "PassThrough"
    )
    error_message = "Not the function that the package is built for: arm64, one whole processor, capped, without X-Ray."
  }

  assert {
    condition = (
      one(aws_lambda_function.resize.logging_config).log_format == "JSON" &&
      one(aws_lambda_function.resize.logging_config).log_group == "/aws/lambda/presize-resize" &&
      aws_cloudwatch_log_group.resize.retention_in_days == 30
    )
    error_message = "Logs: JSON, in the group that is kept for 30 days."
  }

  assert {
    condition = one(aws_lambda_function.resize.environment).variables == tomap({
      PRESIZE_PRESETS           = "s3://photos/presize/presize/presets-${substr(filesha256("../presets.yaml"), 0, 16)}.yaml"
      PRESIZE_PRESETS_SHA256    = filesha256("../presets.yaml")
      PRESIZE_METRICS_NAMESPACE = "Presize"
      PRESIZE_BASE_URL          = "https://d111111abcdef8.cloudfront.net"
      PRESIZE_DISTRIBUTION_ID   = "E2EXAMPLE"
    })
    error_message = "The function's settings: ${jsonencode(one(aws_lambda_function.resize.environment).variables)}"
  }

  assert {
    condition     = aws_s3_object.presets.content == file("../presets.yaml") && "s3://photos/${aws_s3_object.presets.key}" == one(aws_lambda_function.resize.environment).variables["PRESIZE_PRESETS"]
    error_message = "The function reads another presets.yaml than the module."
  }

  assert {
    condition     = one(one(aws_s3_bucket_server_side_encryption_configuration.this["originals"].rule).apply_server_side_encryption_by_default).sse_algorithm == "AES256"
    error_message = "The bucket does not encrypt."
  }

  assert {
    condition     = length(aws_s3_bucket_versioning.this) == 0 && length(aws_s3_bucket_lifecycle_configuration.this["originals"].rule) == 1
    error_message = "Versioning is a choice."
  }

  assert {
    condition     = sort(keys(aws_cloudwatch_metric_alarm.this)) == tolist(["age", "cleanup-age", "cleanup-errors", "dead-letters", "duration", "errors", "invocations", "throttles"])
    error_message = "The alarms: ${join(", ", keys(aws_cloudwatch_metric_alarm.this))}"
  }

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.this : alarm.alarm_actions == toset([aws_sns_topic.alarms[0].arn]) && alarm.treat_missing_data == "notBreaching"])
    error_message = "An alarm speaks to nobody, or rings when nothing was uploaded."
  }

  assert {
    condition = (
      aws_cloudwatch_metric_alarm.this["duration"].threshold == 48000 &&  # ms: 80% of 60 s
      aws_cloudwatch_metric_alarm.this["age"].threshold == 900000 &&      # ms: Lambda's own queue
      aws_cloudwatch_metric_alarm.this["cleanup-age"].threshold == 900 && # s: a queue of SQS
      aws_cloudwatch_metric_alarm.this["invocations"].threshold == 10000 &&
      aws_cloudwatch_metric_alarm.this["invocations"].period == 3600
    )
    error_message = "An alarm's threshold is in another unit than its metric."
  }

  assert {
    condition     = length(aws_budgets_budget.this) == 0
    error_message = "A budget is a choice."
  }

  assert {
    condition     = output.example_urls["thumbnail"] == "https://d111111abcdef8.cloudfront.net/resized/thumbnail/photos/cat.webp"
    error_message = "The URLs of photos/cat.jpg: ${jsonencode(output.example_urls)}"
  }
}

run "separate_bucket_versioned_on_x86" {
  variables {
    architecture       = "x86_64"
    package            = "tests/fixtures/resize-x86_64.zip"
    destination_bucket = "photos-resized"
    versioning         = true
    tracing            = true
    metrics_namespace  = "none"
    cdn                = { enabled = false }
    tags               = { Team = "media" }
  }

  assert {
    condition     = one(aws_lambda_function.resize.environment).variables["PRESIZE_TARGET_BUCKET"] == "photos-resized" && one(aws_lambda_function.resize.tracing_config).mode == "Active"
    error_message = "The function is not told where variants go, or not traced."
  }

  assert {
    condition = (
      { for role, bucket in aws_s3_bucket.this : role => bucket.bucket } == { originals = "photos", variants = "photos-resized" } &&
      alltrue([for block in aws_s3_bucket_public_access_block.this : block.restrict_public_buckets && block.block_public_policy]) &&
      length(aws_s3_bucket_public_access_block.this) == 2 && length(aws_s3_bucket_policy.this) == 2
    )
    error_message = "Both buckets are created and closed."
  }

  assert {
    condition     = alltrue([for versioning in aws_s3_bucket_versioning.this : one(versioning.versioning_configuration).status == "Enabled"]) && length(aws_s3_bucket_lifecycle_configuration.this["variants"].rule) == 2
    error_message = "Former versions are not kept, or for ever."
  }

  assert {
    condition     = aws_lambda_function.resize.tags == tomap({ Presize = "presize", Team = "media" })
    error_message = "Tags: ${jsonencode(aws_lambda_function.resize.tags)}"
  }

  assert {
    condition     = output.variant_bucket == "photos-resized" && output.example_urls["small"] == "s3://photos-resized/resized/small/photos/cat.jpg" && output.cdn_domain == ""
    error_message = "Without a CDN the outputs point into the bucket."
  }
}

run "existing_destination_bucket" {
  variables {
    destination_bucket        = "photos-resized"
    create_destination_bucket = false
  }

  assert {
    condition     = keys(aws_s3_bucket.this) == ["originals"] && keys(output.bucket_policy_statements) == ["photos-resized"]
    error_message = "A bucket that exists is created, or what its policy needs is not told."
  }
}

run "dashboard" {
  command = plan

  variables {
    cdn               = { enabled = false }
    metrics_namespace = "Pictures"
    memory_size       = 2048
  }

  assert {
    condition = [for widget in jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets : widget.properties.title] == [
      "Originals and variants", "Failures by reason", "Dollars per day, at the prices of var.prices",
      "Time by stage, p50 (ms)", "Time by stage, p95 (ms)", "Bytes in and out", "Invocations", "Waiting and dead letters",
    ]
    error_message = "The dashboard's graphs."
  }

  assert {
    condition     = jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets[0].properties.metrics[1] == ["Pictures", "Variants", "Function", "presize-resize", { stat = "Sum" }]
    error_message = "The dashboard reads other metrics than the function writes."
  }

  assert {
    condition = (
      [for metric in jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets[6].properties.metrics : "${metric[3]} ${metric[1]}"] == [
        "presize-resize Invocations", "presize-resize Errors", "presize-resize Throttles", "presize-cleanup Invocations", "presize-cleanup Errors", "presize-cleanup Throttles",
      ] &&
      [for metric in jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets[7].properties.metrics : metric[3]] == ["presize-dead-letters", "presize-removed"]
    )
    error_message = "Both functions' invocations, and every queue."
  }

  assert {
    condition     = jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets[1].properties.metrics[0][0].expression == "SEARCH('{\"Pictures\",Reason} MetricName=\"Failures\"', 'Sum', 300)"
    error_message = "Failures are not searched by reason."
  }

  assert {
    condition     = jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets[2].properties.metrics[0][0].expression == "duration / 1000 * 0.0000266668 + invocations * 0.0000002000 + FILL(variants, 0) * 0.0000050000 + FILL(originals, 0) * 0.0000058000"
    error_message = "Dollars: ${jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets[2].properties.metrics[0][0].expression}"
  }
}

run "dashboard_without_manifests" {
  command = plan

  variables {
    cdn     = { enabled = false }
    presets = "tests/fixtures/other-layout.yaml"
  }

  assert {
    condition     = endswith(jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets[2].properties.metrics[0][0].expression, "FILL(originals, 0) * 0.0000008000")
    error_message = "Dollars: ${jsondecode(aws_cloudwatch_dashboard.this[0].dashboard_body).widgets[2].properties.metrics[0][0].expression}"
  }
}

run "budget_and_another_topic" {
  variables {
    cdn    = { enabled = false }
    alarms = { topic_arn = "arn:aws:sns:eu-west-1:123456789012:ops" }
    budget = { monthly_usd = 20.5, percent = 50, emails = ["me@example.com"] }
  }

  assert {
    condition     = length(aws_sns_topic.alarms) == 0 && aws_cloudwatch_metric_alarm.this["errors"].alarm_actions == toset(["arn:aws:sns:eu-west-1:123456789012:ops"])
    error_message = "Alarms do not go to the topic that exists."
  }

  assert {
    condition = (
      aws_budgets_budget.this[0].limit_amount == "20.5" &&
      one(aws_budgets_budget.this[0].cost_filter).values == tolist(["user:Presize$presize"]) &&
      { for notification in aws_budgets_budget.this[0].notification : notification.notification_type => notification.threshold } == { ACTUAL = 50, FORECASTED = 100 } &&
      alltrue([for notification in aws_budgets_budget.this[0].notification : notification.subscriber_email_addresses == toset(["me@example.com"])])
    )
    error_message = "The budget."
  }
}

run "quiet" {
  variables {
    cdn       = { enabled = false }
    alarms    = { enabled = false }
    dashboard = false
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.this) + length(aws_sns_topic.alarms) + length(aws_cloudwatch_dashboard.this) == 0
    error_message = "Alarms and the dashboard are a choice."
  }
}
