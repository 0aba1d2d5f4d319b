output "enable_eventbridge" {
  description = "The command that lets the bucket tell EventBridge of uploads, and keeps the rest of its notifications. Run it once."
  value       = module.thumbnails.enable_eventbridge
}

output "bucket_policy_statements" {
  description = "What to merge into the policy of the bucket that exists."
  value       = module.thumbnails.bucket_policy_statements
}

output "example_urls" {
  description = "Where each preset's variant of photos/cat.jpg is found."
  value       = module.thumbnails.example_urls
}

output "function_name" {
  description = "Name of the function."
  value       = module.thumbnails.function_name
}

output "role_arn" {
  description = "ARN of the function's role."
  value       = module.thumbnails.role_arn
}

output "rule_name" {
  description = "Name of the EventBridge rule for uploads."
  value       = module.thumbnails.rule_name
}

output "removed_rule_name" {
  description = "Name of the EventBridge rule for removals."
  value       = module.thumbnails.removed_rule_name
}

output "cleanup_function_name" {
  description = "Name of the function that takes away the variants of removed originals."
  value       = module.thumbnails.cleanup_function_name
}

output "dead_letter_queue_url" {
  description = "Where the events of failed uploads and removals are kept."
  value       = module.thumbnails.dead_letter_queue_url
}
