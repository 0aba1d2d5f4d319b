locals {
  # The metrics that the function writes for each original, and the times of the stages on its way.
  stages = ["FetchMs", "ProbeMs", "MasterMs", "RenderMs", "UploadMs", "VerifyMs", "TotalMs"]

  gb        = var.memory_size / 1024
  gb_second = var.architecture == "arm64" ? var.prices.gb_second_arm64 : var.prices.gb_second_x86_64

  # Of Lambda's billed time, its requests, one write for each variant, and a read, a look and the manifest for each original.
  dollars = join(" + ", [
    format("duration / 1000 * %.10f", local.gb * local.gb_second),
    format("invocations * %.10f", var.prices.million_requests / 1000000),
    format("FILL(variants, 0) * %.10f", var.prices.thousand_puts / 1000),
    format("FILL(originals, 0) * %.10f", (2 * var.prices.thousand_gets + (local.manifest ? var.prices.thousand_puts : 0)) / 1000),
  ])

  functions = concat([local.function_name], local.cleans ? [local.cleanup_name] : [])

  counts  = [for metric in ["Originals", "Variants", "Failures", "Retries"] : [var.metrics_namespace, metric, "Function", local.function_name, { stat = "Sum" }]]
  p50     = [for stage in local.stages : [var.metrics_namespace, stage, "Function", local.function_name, { stat = "p50" }]]
  p95     = [for stage in local.stages : [var.metrics_namespace, stage, "Function", local.function_name, { stat = "p95" }]]
  lambda  = [for pair in setproduct(local.functions, ["Invocations", "Errors", "Throttles"]) : ["AWS/Lambda", pair[1], "FunctionName", pair[0], { stat = "Sum" }]]
  waiting = [for queue in concat([local.dead_letter_name], local.queued ? [local.queue_name] : [], local.cleans ? [local.removed_name] : []) : ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", queue, { stat = "Maximum" }]]
  bytes   = [for metric in ["BytesIn", "BytesOut"] : [var.metrics_namespace, metric, "Function", local.function_name, { stat = "Sum" }]]

  by_reason = [for metric in ["Failures", "Retries"] :
    [{ expression = "SEARCH('{\"${var.metrics_namespace}\",Reason} MetricName=\"${metric}\"', 'Sum', 300)", label = "$${PROP('MetricName')}: $${PROP('Dim.Reason')}" }]
  ]

  costs = [
    [{ expression = local.dollars, label = "Lambda and S3 requests", id = "dollars" }],
    ["AWS/Lambda", "Duration", "FunctionName", local.function_name, { stat = "Sum", id = "duration", visible = false }],
    ["AWS/Lambda", "Invocations", "FunctionName", local.function_name, { stat = "Sum", id = "invocations", visible = false }],
    [var.metrics_namespace, "Variants", "Function", local.function_name, { stat = "Sum", id = "variants", visible = false }],
    [var.metrics_namespace, "Originals", "Function", local.function_name, { stat = "Sum", id = "originals", visible = false }],
  ]

  graphs = [
    { title = "Originals and variants", metrics = local.counts, period = 300 },
    { title = "Failures by reason", metrics = local.by_reason, period = 300 },
    { title = "Dollars per day, at the prices of var.prices", metrics = local.costs, period = 86400 },
    { title = "Time by stage, p50 (ms)", metrics = local.p50, period = 300 },
    { title = "Time by stage, p95 (ms)", metrics = local.p95, period = 300 },
    { title = "Bytes in and out", metrics = local.bytes, period = 300 },
    { title = "Invocations", metrics = local.lambda, period = 300 },
    { title = "Waiting and dead letters", metrics = local.waiting, period = 300 },
  ]
}

resource "aws_cloudwatch_dashboard" "this" {
  count = var.dashboard ? 1 : 0

  dashboard_name = "${var.name}-${local.region}"

  dashboard_body = jsonencode({
    widgets = [for i, graph in local.graphs : {
      type   = "metric"
      x      = i % 3 * 8
      y      = floor(i / 3) * 6
      width  = 8
      height = 6
      properties = {
        title   = graph.title
        region  = local.region
        view    = "timeSeries"
        period  = graph.period
        metrics = graph.metrics
      }
    }]
  })
}
