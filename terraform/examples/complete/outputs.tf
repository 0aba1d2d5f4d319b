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

output "log_group" {
  description = "Name of the function's log group: `aws logs tail <this> --follow`."
  value       = module.thumbnails.log_group
}

output "dead_letter_queue_url" {
  description = "Where the events of failed uploads are kept."
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
