output "upload_to" {
  description = "Where uploads go: `aws s3 cp cat.jpg <this>photos/cat.jpg`."
  value       = module.thumbnails.upload_to
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

output "cleanup_function_name" {
  description = "Name of the function that takes away the variants of removed originals."
  value       = module.thumbnails.cleanup_function_name
}

output "cleanup_role_arn" {
  description = "ARN of that function's role."
  value       = module.thumbnails.cleanup_role_arn
}

output "removed_queue_url" {
  description = "Where removals wait for it."
  value       = module.thumbnails.removed_queue_url
}

output "completion_topic_arn" {
  description = "The SNS topic of completion events. Empty unless `completion`."
  value       = module.thumbnails.completion_topic_arn
}

output "log_group" {
  description = "Name of the function's log group: `aws logs tail <this> --follow`."
  value       = module.thumbnails.log_group
}

output "dead_letter_queue_url" {
  description = "Where the events of failed uploads and removals are kept."
  value       = module.thumbnails.dead_letter_queue_url
}

output "backfill_role_arn" {
  description = "The role for `backfill run --via batch --role-arn <this>`. Empty unless `backfill`."
  value       = module.thumbnails.backfill_role_arn
}

output "backfill_places" {
  description = "Where `backfill run --via batch` puts its `--manifest` and `--report`."
  value       = module.thumbnails.backfill_places
}

output "backfill_policies" {
  description = "What who runs a backfill has to be allowed, by what is run."
  value       = module.thumbnails.backfill_policies
}
