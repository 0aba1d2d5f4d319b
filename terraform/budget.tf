resource "aws_budgets_budget" "this" {
  count = var.budget.monthly_usd > 0 ? 1 : 0

  name         = var.name
  budget_type  = "COST"
  limit_amount = tostring(var.budget.monthly_usd)
  limit_unit   = "USD"
  time_unit    = "MONTHLY"
  tags         = local.tags

  cost_filter {
    name   = "TagKeyValue"
    values = [format("user:Presize$%s", var.name)]
  }

  dynamic "notification" {
    for_each = { ACTUAL = var.budget.percent, FORECASTED = 100 }

    content {
      notification_type          = notification.key
      threshold                  = notification.value
      threshold_type             = "PERCENTAGE"
      comparison_operator        = "GREATER_THAN"
      subscriber_email_addresses = var.budget.emails
      subscriber_sns_topic_arns  = compact([local.alarm_topic])
    }
  }

  # Budgets sends a trial message to the topic.
  depends_on = [aws_sns_topic_policy.alarms]
}
